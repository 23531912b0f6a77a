import type { Command } from 'commander';
import { type NotificationKind, WebhookAdministration, type WebhookEndpointRow } from '#notifications';
import { namingOptions } from '#kernel';
import { readInstant } from './instants.js';
import { type Output, printObject, printRows } from './output.js';
import { withService } from './services.js';

export interface ListOptions extends Output {
  tenant: string;
}
export interface AddOptions extends Output {
  tenant: string;
  url: string;
  description?: string;
  kinds?: NotificationKind[];
}
export interface ReplayOptions extends Output {
  failedSince?: string;
}

const NAMES = { id: 'id', endpointId: 'id', deliveryIds: 'deliveries' };
const administer = <Result>(work: (webhooks: WebhookAdministration) => Promise<Result>): Promise<Result> =>
  namingOptions(() => withService(WebhookAdministration, work), NAMES);

export async function listEndpoints({ tenant, json }: ListOptions): Promise<void> {
  printRows((await administer((webhooks) => webhooks.list(tenant))).map(shown), { json });
}

export async function addEndpoint({ tenant, json, ...input }: AddOptions): Promise<void> {
  const { endpoint, secret } = await administer((webhooks) => webhooks.add(tenant, input));
  printObject({ ...shown(endpoint), secret }, { json });
}

export async function testEndpoint(id: string, output: Output): Promise<void> {
  const delivery = await administer((webhooks) => webhooks.test(id));
  printObject({ id: delivery.id, kind: delivery.kind, status: delivery.status }, output);
}

export async function replayDeliveries(
  id: string,
  deliveries: string[],
  { failedSince, json }: ReplayOptions,
  command: Command,
): Promise<void> {
  const since = readInstant(command, '--failed-since', failedSince);
  const which = since ? { failedSince: since } : { deliveryIds: deliveries };
  printObject({ count: await administer((webhooks) => webhooks.replay(id, which)) }, { json });
}

export async function disableEndpoint(id: string, output: Output): Promise<void> {
  printObject(shown(await administer((webhooks) => webhooks.disable(id))), output);
}

function shown({ id, url, kinds, isEnabled, disabledReason }: WebhookEndpointRow): Record<string, unknown> {
  return { id, url, kinds: kinds.length > 0 ? kinds : 'all', isEnabled, disabledReason };
}
