import type { OUTCOMES } from './access-outcomes.js';

/**
 * Who may reach what, checked in. Each field of the schema that declares access has a row: a document that leads to
 * it, the response path of the field in that document, and the line of `OUTCOMES` that holds for it.
 */

export interface AccessRow {
  outcomes: keyof typeof OUTCOMES;
  /** What `a key with none of the needed` lacks, and nothing else. */
  scopes?: readonly string[];
  /** Variables are what `facts()` gives: `$device`, `$key`, `$user`, `$owner`, `$endpoint`, `$text`, `$soon`. */
  document: string;
  /** Where the field is in the answer, without list indexes. */
  path: string;
  /** Codes of field errors that `open` may come with: the value of an argument, not access, brings them about. */
  admits?: readonly string[];
  /** The same, for the pending key of the caller. */
  admitsWhilePending?: readonly string[];
}

const read = (scope: string, document: string, path: string): AccessRow => {
  return { outcomes: 'viewersScope', scopes: [scope], document, path };
};
const write = (scope: string, document: string, path: string): AccessRow => {
  return { outcomes: 'operatorsScope', scopes: [scope], document, path };
};
const anyone = (document: string, path: string): AccessRow => ({ outcomes: 'anyone', document, path });
const admins = (document: string, path: string, ...admits: string[]): AccessRow => {
  return { outcomes: 'admins', document, path, admits };
};
/** A session below TENANT_ADMIN does this to its own keys only. */
const ownKeys = (document: string, path: string, ...admits: string[]): AccessRow => {
  return { outcomes: 'ownKeys', document, path, admits };
};
/** A member of the key that asks; null where a session does. */
const ofOwnKey = (member: string, outcomes: AccessRow['outcomes'] = 'sessionsInTenant'): AccessRow => {
  const name = member.split(/[ (]/, 1)[0];
  return { outcomes, document: `{ viewer { apiKey { ${member} } } }`, path: `viewer.apiKey.${name}` };
};
const SPAN = 'from: "2030-01-01T00:00:00Z", to: "2030-01-02T00:00:00Z"';
const PAGE = '{ nodes { id } }';

export const ACCESS_TABLE: Record<string, AccessRow> = {
  'Query.viewer': { outcomes: 'anyone', document: '{ viewer { kind scopes } }', path: 'viewer' },
  'Query.apiScopes': { outcomes: 'anyone', document: '{ apiScopes { name opens } }', path: 'apiScopes' },
  'Query.apiScopePresets': anyone('{ apiScopePresets { name scopes } }', 'apiScopePresets'),
  'Query.requiredScopes': anyone('{ requiredScopes(document: "{ __typename }") { scopes } }', 'requiredScopes'),
  'Query.apiKey': ownKeys('query ($key: ID!) { apiKey(id: $key) { id name } }', 'apiKey'),
  'Query.apiKeys': ownKeys(`{ apiKeys ${PAGE} }`, 'apiKeys'),
  'Query.apiKeyPolicy': admins('{ apiKeyPolicy { requireExpiry } }', 'apiKeyPolicy'),
  'Query.apiKeyPolicyPreview': admins(
    '{ apiKeyPolicyPreview(input: { requireExpiry: true }) { apiKey { id } } }',
    'apiKeyPolicyPreview',
  ),
  'Subscription.apiKeyEvents': ownKeys('subscription { apiKeyEvents { id } }', 'apiKeyEvents'),
  'Query.apiKeyEvents': ownKeys(`{ apiKeyEvents ${PAGE} }`, 'apiKeyEvents'),
  'Query.apiKeyRevocationImpact': ownKeys(
    'query ($key: ID!) { apiKeyRevocationImpact(ids: [$key]) { lastUsedAt } }',
    'apiKeyRevocationImpact',
  ),
  'Query.users': admins('{ users { nodes { id name } totalCount } }', 'users'),
  'Query.webhookEndpoints': admins('{ webhookEndpoints { id url } }', 'webhookEndpoints'),
  'Query.webhookEndpoint': admins(
    'query ($endpoint: ID!) { webhookEndpoint(id: $endpoint) { id url } }',
    'webhookEndpoint',
  ),
  'Query.device': read('devices:read', 'query ($device: ID!) { device(id: $device) { id hostname } }', 'device'),
  'Query.devices': read('devices:read', '{ devices { nodes { id hostname } totalCount } }', 'devices'),
  'Query.alerts': read('alerts:read', `query ($device: ID!) { alerts(deviceId: $device) ${PAGE} }`, 'alerts'),
  'Query.configBackups': read(
    'config:read',
    `query ($device: ID!) { configBackups(deviceId: $device) ${PAGE} }`,
    'configBackups',
  ),

  'Mutation.createApiKey': ownKeys(
    'mutation ($text: String!, $owner: ID!) { createApiKey(input: { name: $text, scopes: ["devices:read"], ownerId: $owner }) { secret } }',
    'createApiKey',
  ),
  'Mutation.updateApiKey': ownKeys(
    'mutation ($key: ID!, $text: String!) { updateApiKey(input: { id: $key, name: $text }) { apiKey { id } } }',
    'updateApiKey',
  ),
  'Mutation.rotateApiKey': {
    outcomes: 'rotation',
    document: 'mutation ($key: ID!) { rotateApiKey(input: { id: $key }) { apiKey { id } } }',
    path: 'rotateApiKey',
    // A key may rotate itself and no other: that the id decides, so it is an error of the field.
    admits: ['FORBIDDEN'],
    admitsWhilePending: ['CONFLICT'],
  },
  'Mutation.completeApiKeyRotation': ownKeys(
    'mutation ($key: ID!) { completeApiKeyRotation(id: $key, force: true) { apiKey { id } } }',
    'completeApiKeyRotation',
    'CONFLICT',
  ),
  'Mutation.suspendApiKey': ownKeys(
    'mutation ($key: ID!) { suspendApiKey(id: $key) { apiKey { id } } }',
    'suspendApiKey',
  ),
  'Mutation.resumeApiKey': ownKeys('mutation ($key: ID!) { resumeApiKey(id: $key) { apiKey { id } } }', 'resumeApiKey'),
  'Mutation.revokeApiKeys': ownKeys(
    'mutation ($key: ID!) { revokeApiKeys(input: { ids: [$key] }) { count } }',
    'revokeApiKeys',
  ),
  'Mutation.revokeCurrentApiKey': {
    outcomes: 'keysInTenant',
    document: 'mutation { revokeCurrentApiKey { apiKey { id } } }',
    path: 'revokeCurrentApiKey',
  },
  'Mutation.approveApiKey': admins(
    'mutation ($key: ID!) { approveApiKey(input: { id: $key, expectedVersion: 1 }) { apiKey { id } } }',
    'approveApiKey',
    'CONFLICT',
  ),
  'Mutation.rejectApiKey': admins(
    'mutation ($key: ID!) { rejectApiKey(id: $key) { apiKey { id } } }',
    'rejectApiKey',
    'CONFLICT',
  ),
  'Mutation.transferApiKey': admins(
    'mutation ($key: ID!, $owner: ID!) { transferApiKey(id: $key, ownerId: $owner) { apiKey { id } } }',
    'transferApiKey',
  ),
  'Mutation.reportLeakedApiKey': {
    outcomes: 'public',
    document: 'mutation { reportLeakedApiKey(key: "mktp_nobody") { accepted } }',
    path: 'reportLeakedApiKey',
  },
  'Mutation.reportLeakedApiKeys': {
    outcomes: 'public',
    document: 'mutation { reportLeakedApiKeys(keys: [{ key: "mktp_nobody" }]) { accepted } }',
    path: 'reportLeakedApiKeys',
  },
  'Mutation.setApiKeyPolicy': admins(
    'mutation { setApiKeyPolicy(input: { requireExpiry: false }) { violationCount } }',
    'setApiKeyPolicy',
  ),
  'Mutation.setMyMailPreferences': {
    outcomes: 'sessionsInTenant',
    document: 'mutation { setMyMailPreferences(kinds: null) { kind } }',
    path: 'setMyMailPreferences',
  },
  'Mutation.createWebhookEndpoint': admins(
    'mutation { createWebhookEndpoint(input: { url: "https://hooks.example.com" }) { secret webhookEndpoint { id } } }',
    'createWebhookEndpoint',
  ),
  'Mutation.updateWebhookEndpoint': admins(
    'mutation ($endpoint: ID!) { updateWebhookEndpoint(input: { id: $endpoint, isEnabled: false }) { webhookEndpoint { id } } }',
    'updateWebhookEndpoint',
  ),
  'Mutation.deleteWebhookEndpoint': admins(
    'mutation ($endpoint: ID!) { deleteWebhookEndpoint(id: $endpoint) { id } }',
    'deleteWebhookEndpoint',
  ),
  'Mutation.rotateWebhookSecret': admins(
    'mutation ($endpoint: ID!) { rotateWebhookSecret(id: $endpoint) { secret webhookEndpoint { id } } }',
    'rotateWebhookSecret',
  ),
  'Mutation.testWebhookEndpoint': admins(
    'mutation ($endpoint: ID!) { testWebhookEndpoint(id: $endpoint) { delivery { id } } }',
    'testWebhookEndpoint',
  ),
  'Mutation.replayWebhookDeliveries': admins(
    'mutation ($endpoint: ID!) { replayWebhookDeliveries(input: { endpointId: $endpoint, failedSince: "2020-01-01T00:00:00Z" }) { count } }',
    'replayWebhookDeliveries',
  ),
  'Mutation.createDevice': write(
    'devices:write',
    'mutation ($text: String!) { createDevice(input: { hostname: $text, ipAddress: "10.0.0.7" }) { device { id } } }',
    'createDevice',
  ),
  'Mutation.updateDevice': write(
    'devices:write',
    'mutation ($device: ID!, $text: String!) { updateDevice(input: { id: $device, model: $text }) { device { id } } }',
    'updateDevice',
  ),
  'Mutation.deleteDevice': write(
    'devices:write',
    'mutation ($device: ID!) { deleteDevice(id: $device) { id } }',
    'deleteDevice',
  ),
  'Mutation.storeConfigBackup': write(
    'config:write',
    'mutation ($device: ID!, $text: String!) { storeConfigBackup(input: { deviceId: $device, content: $text }) { configBackup { id } } }',
    'storeConfigBackup',
  ),
  'Mutation.scheduleFirmwareUpgrade': write(
    'firmware:write',
    'mutation ($device: ID!, $text: String!, $soon: DateTime!) { scheduleFirmwareUpgrade(input: { deviceId: $device, targetVersion: $text, scheduledAt: $soon }) { firmwareUpgrade { id } } }',
    'scheduleFirmwareUpgrade',
  ),
  'Mutation.cancelFirmwareUpgrade': {
    ...write(
      'firmware:write',
      'mutation ($device: ID!) { cancelFirmwareUpgrade(id: $device) { firmwareUpgrade { id } } }',
      'cancelFirmwareUpgrade',
    ),
    // The id is a device's: access is decided before anyone looks for the upgrade.
    admits: ['NOT_FOUND'],
  },

  'WebhookEndpoint.deliveries': admins(
    '{ webhookEndpoints { deliveries { nodes { id } } } }',
    'webhookEndpoints.deliveries',
  ),
  'Viewer.tenant': { outcomes: 'anyone', document: '{ viewer { tenant { id name } } }', path: 'viewer.tenant' },
  'Viewer.user': { outcomes: 'anyone', document: '{ viewer { user { id name } } }', path: 'viewer.user' },
  'Viewer.apiKey': { outcomes: 'anyone', document: '{ viewer { apiKey { id name } } }', path: 'viewer.apiKey' },
  'User.email': { outcomes: 'sessions', document: '{ viewer { user { email } } }', path: 'viewer.user.email' },
  'ApiKey.owner': ofOwnKey('owner { id }', 'anyoneInTenant'),
  'ApiKey.createdBy': ofOwnKey('createdBy { id }'),
  'ApiKey.approvedBy': ofOwnKey('approvedBy { id }'),
  'ApiKey.revokedBy': ofOwnKey('revokedBy { id }'),
  'ApiKey.revocationNote': ofOwnKey('revocationNote'),
  'ApiKey.attemptsAfterRevocation': ofOwnKey('attemptsAfterRevocation'),
  'ApiKey.metadata': ofOwnKey('metadata'),
  'ApiKey.usage': ofOwnKey(`usage(${SPAN}) { allowed }`),
  'ApiKey.unusedScopes': ofOwnKey('unusedScopes(since: "2026-01-01T00:00:00Z")'),
  'Device.alerts': read('alerts:read', `{ devices { nodes { alerts ${PAGE} } } }`, 'devices.nodes.alerts'),
  'Device.configBackups': read(
    'config:read',
    `{ devices { nodes { configBackups ${PAGE} } } }`,
    'devices.nodes.configBackups',
  ),
  'Device.firmwareUpgrades': write(
    'firmware:write',
    '{ devices { nodes { firmwareUpgrades { id } } } }',
    'devices.nodes.firmwareUpgrades',
  ),
  'Alert.device': read('devices:read', '{ alerts { nodes { device { id } } } }', 'alerts.nodes.device'),
  'ConfigBackup.device': read(
    'devices:read',
    '{ configBackups { nodes { device { id } } } }',
    'configBackups.nodes.device',
  ),
  'FirmwareUpgrade.device': {
    ...read(
      'devices:read',
      'mutation ($device: ID!) { cancelFirmwareUpgrade(id: $device) { firmwareUpgrade { device { id } } } }',
      'cancelFirmwareUpgrade.firmwareUpgrade.device',
    ),
    outcomes: 'behindOperators',
    admits: ['NOT_FOUND'],
  },
};
