interface PortalOnly {
  /** Why no other application needs the names. */
  readonly reason: string;
  readonly names: readonly string[];
}

const RESOURCE = 'a resource of the portal: another application has resources of its own';
const COMMANDS = 'the command line of the portal; another application has `npx latchkey` and KeyAdministration';
const STREAMS = 'event streams and the fast path, which the driver of the portal alone serves';

/**
 * The names that the portal takes from rooms and that no door of `@latchkey/nestjs` offers, by the door of the room. A name that another
 * application needs, too, belongs into a door of the package; so this list only gets shorter.
 */
export const PORTAL_ONLY: Readonly<Record<string, PortalOnly>> = {
  '#access/graphql': { reason: COMMANDS, names: ['RequiredScopesReader'] },
  '#alerts': { reason: RESOURCE, names: ['ALERT_SCOPES', 'AlertIntake', 'AlertsModule', 'Observation'] },
  '#api-keys': {
    reason:
      'the import of the replaced system, the demonstration, the command line, the check of the environment, streams',
    names: [
      'API_KEY_STATUSES',
      'ApiKeyEventKind',
      'ApiKeyPolicyService',
      'ApiKeyService',
      'CredentialWatch',
      'IMPORTED_COLUMNS',
      'ImportReport',
      'KEY_PREFIX',
      'KeyCreationService',
      'KeyImportService',
      'REDIS_ADDRESS',
      'RowReport',
      'SourceRow',
      'countedNetwork',
      'isKeyPrefix',
      'readRedisAddress',
    ],
  },
  '#api-keys/graphql': { reason: STREAMS, names: ['AdmissionAtOnce'] },
  '#api-keys/words': { reason: COMMANDS, names: ['API_KEY_EVENT_KINDS', 'API_KEY_STATUSES', 'REVOCATION_REASONS'] },
  '#config-backups': {
    reason: RESOURCE,
    names: ['CONFIG_BACKUP_SCOPES', 'ConfigBackupService', 'ConfigBackupsModule', 'NewConfigBackup'],
  },
  '#database': {
    reason:
      'warnings and refusals of the command line, the traces of later work, reads that the fast path sends to replicas',
    names: ['Consistency', 'SchemaTooNew', 'addTraceParentSource', 'databaseErrorClass', 'excessRights'],
  },
  '#devices': { reason: RESOURCE, names: ['DEVICE_SCOPES', 'DeviceService', 'DevicesModule'] },
  '#firmware': { reason: RESOURCE, names: ['FIRMWARE_SCOPES', 'FirmwareModule', 'FirmwareUpgradeService'] },
  '#graphql': {
    reason: STREAMS,
    names: [
      'COMPLETE',
      'EVENT_STREAM_TYPE',
      'EventStream',
      'OpenStreams',
      'StreamPlace',
      'Subscription',
      'acceptsEventStream',
      'answerTypeFor',
      'markStreamRequest',
      'memoryOf',
      'nextEvent',
      'toGraphQLError',
    ],
  },
  '#http': { reason: STREAMS, names: ['HttpRequest'] },
  '#kernel': {
    reason:
      'small tools of the HTTP layer, the console, the metrics and the command line, and the limits of the portal',
    names: [
      'Clock',
      'IpNetwork',
      'LIMITS',
      'SystemClock',
      'byOutcome',
      'exactNumber',
      'headerValues',
      'isInNetwork',
      'isUuid',
      'namingOptions',
      'parseInstant',
      'parseIpAddress',
      'parseIpNetwork',
      'single',
      'unmapped',
    ],
  },
  '#notifications': {
    reason: 'webhooks and mails of the portal',
    names: [
      'AttemptMessage',
      'MailDispatcher',
      'NotificationKind',
      'NotificationsModule',
      'WebhookAdministration',
      'WebhookDispatcher',
      'WebhookEndpointRow',
      'webhookAttemptChannel',
    ],
  },
  '#notifications/words': { reason: COMMANDS, names: ['NOTIFICATION_KINDS'] },
  '#sessions': {
    reason: "the portal's sessions by OpenID Connect: another application passes a SessionVerifier",
    names: ['DevelopmentIssuer', 'PortalSessionVerifier', 'SessionsModule'],
  },
};
