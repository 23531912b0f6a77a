import { useState } from 'react';
import { FailureNotice } from '../api/answered.js';
import { useAct, useAnswer } from '../api/operations.js';
import { ScopesDocument, TransferKeyDocument } from '../generated/graphql.js';
import { Window } from '../shared/window.js';
import { useUsers } from '../shared/use-users.js';
import { KIND_WORDS, ROLE_WORDS } from '../shared/words.js';

export interface Transferred {
  id: string;
  name: string;
  scopes: readonly string[];
  owner: { id: string };
}

/** Gives keys to somebody else, once it was read what that takes from them. */
export function TransferWindow({
  keys,
  close,
  done,
}: {
  keys: readonly Transferred[];
  close: () => void;
  done: () => void;
}) {
  const { users = [] } = useUsers();
  const { data } = useAnswer(ScopesDocument, {});
  const { run, isRunning, failure } = useAct(TransferKeyDocument);
  const [ownerId, setOwnerId] = useState('');
  const others = users.filter(({ id, isActive }) => isActive && keys.some(({ owner }) => owner.id !== id));
  const role = others.find(({ id }) => id === ownerId)?.role;
  const held = new Set(
    data?.apiScopes.filter(({ grantedTo }) => role && grantedTo.includes(role)).map(({ name }) => name),
  );
  const transfer = async () => {
    for (const { id } of keys) if ((await run({ id, ownerId })).failure) return;
    done();
  };
  return (
    <Window title={keys.length === 1 ? 'Transfer the key' : `Transfer ${keys.length} keys`} close={close}>
      <div className="field">
        <label htmlFor="new-owner">New owner</label>
        <select id="new-owner" value={ownerId} onChange={(event) => setOwnerId(event.target.value)}>
          <option value="">Choose somebody</option>
          {others.map(({ id, name, kind, role }) => (
            <option key={id} value={id}>
              {name} ({KIND_WORDS[kind]}, {ROLE_WORDS[role]})
            </option>
          ))}
        </select>
      </div>
      {role && data && (
        <ul className="impact">
          {keys.map(({ id, name, scopes }) => {
            const lost = scopes.filter((scope) => !held.has(scope));
            return (
              <li key={id}>
                <strong>{name}</strong>{' '}
                {lost.length === 0 ? (
                  'keeps all of its scopes.'
                ) : (
                  <>
                    loses <code>{lost.join(', ')}</code> for good: {ROLE_WORDS[role].toLowerCase()} does not hold them.
                  </>
                )}
              </li>
            );
          })}
        </ul>
      )}
      {failure && <FailureNotice failure={failure} />}
      <div className="actions">
        <button type="button" className="button" onClick={close}>
          Cancel
        </button>
        <button
          type="button"
          className="button button-primary"
          disabled={!role || isRunning}
          onClick={() => void transfer()}
        >
          Transfer
        </button>
      </div>
    </Window>
  );
}
