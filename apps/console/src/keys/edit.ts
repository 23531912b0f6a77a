import type { EditableKeyFragment, UpdateApiKeyInput } from '../generated/graphql.js';
import { linesOf } from '../shared/lines.js';
import { localOf } from '../shared/time.js';

/** What the form of a key holds, as typed. */
export interface KeyEdit {
  name: string;
  description: string;
  expires: string;
  networks: string;
  limit: string;
  windowSeconds: string;
  metadata: string;
  scopes: ReadonlySet<string>;
}

export function editOf(key: EditableKeyFragment): KeyEdit {
  return {
    name: key.name,
    description: key.description ?? '',
    expires: key.expiresAt == null ? '' : localOf(key.expiresAt),
    networks: key.allowedCidrs.join('\n'),
    limit: key.rateLimit ? String(key.rateLimit.limit) : '',
    windowSeconds: String(key.rateLimit?.windowSeconds ?? 60),
    metadata: Object.keys(key.metadata).length === 0 ? '' : JSON.stringify(key.metadata, null, 2),
    scopes: new Set(key.scopes),
  };
}

type Change = Omit<UpdateApiKeyInput, 'id' | 'expectedVersion'>;

/**
 * What was changed, and nothing else: an expired key whose name is changed does not send its past expiry along.
 * @throws {SyntaxError} where the metadata is no JSON
 */
export function changeOf(edit: KeyEdit, seen: EditableKeyFragment): Change {
  const before = editOf(seen);
  const isChanged = (name: keyof KeyEdit) => edit[name] !== before[name];
  const scopes = [...edit.scopes].sort();
  return {
    ...(isChanged('name') && { name: edit.name }),
    ...(isChanged('description') && { description: edit.description.trim() === '' ? null : edit.description }),
    ...(isChanged('expires') && { expiresAt: edit.expires === '' ? null : new Date(edit.expires).toISOString() }),
    ...(isChanged('networks') && { allowedCidrs: linesOf(edit.networks) }),
    ...((isChanged('limit') || (isChanged('windowSeconds') && edit.limit !== '')) && {
      rateLimit: edit.limit === '' ? null : { limit: Number(edit.limit), windowSeconds: Number(edit.windowSeconds) },
    }),
    ...(isChanged('metadata') && { metadata: edit.metadata.trim() === '' ? null : JSON.parse(edit.metadata) }),
    ...(scopes.join() !== [...seen.scopes].sort().join() && { scopes }),
  };
}
