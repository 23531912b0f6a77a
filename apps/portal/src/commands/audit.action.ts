import type { Command } from 'commander';
import { type ApiKeyEventKind, KeyAdministration } from '#api-keys';
import { namingOptions } from '#kernel';
import { readInstant } from './instants.js';
import { type Output, printRows } from './output.js';
import { withService } from './services.js';

export interface AuditOptions extends Output {
  tenant: string;
  key?: string;
  kind?: ApiKeyEventKind[];
  after?: string;
  before?: string;
}

export async function printEvents(
  { tenant, key, kind, json, ...times }: AuditOptions,
  command: Command,
): Promise<void> {
  const after = readInstant(command, '--after', times.after);
  const before = readInstant(command, '--before', times.before);
  const filter = { apiKeyId: key, kind, after, before };
  const list = async (keys: KeyAdministration) => {
    const found: Record<string, unknown>[] = [];
    for await (const event of keys.events(tenant, filter)) found.push(shown(event, json));
    return found;
  };
  const names = { filter: '--key', apiKeyId: '--key' };
  printRows(await namingOptions(() => withService(KeyAdministration, list), names), { json });
}

type Event = ReturnType<KeyAdministration['events']> extends AsyncGenerator<infer Row> ? Row : never;

/** Programs get the changed members as they are, people get them as text. */
function shown(event: Event, json: boolean | undefined): Record<string, unknown> {
  const { id, at, kind, apiKeyId, apiKeyName, actorName, ip, foundAt, changes } = event;
  const members = { at, kind, apiKeyId, apiKeyName, actorName: actorName ?? 'system', ip, foundAt };
  return json ? { id, ...members, changes } : { ...members, changes: JSON.stringify(changes) };
}
