import { useState } from 'react';
import { useAnswer } from '../api/operations.js';
import { useParts } from '../api/parts.js';
import { ScopesDocument, TransferKeyDocument, type UserRole } from '../generated/graphql.js';
import { Choice } from '../shared/choice.js';
import { ScrollingList } from '../shared/scrolling-list.js';
import { formatNumber } from '../shared/time.js';
import { useUsers } from '../shared/use-users.js';
import { Window } from '../shared/window.js';
import { WindowActions } from '../shared/window-actions.js';
import { KIND_WORDS, ROLE_WORDS } from '../shared/words.js';
import { type Transferred, TransferProgress } from './transfer-progress.js';

/** How many keys are listed by name. */
const MOST = 100;

/** Gives keys to another owner, one after the other, after showing which scopes each key loses. */
export function TransferWindow({
  keys: given,
  close,
}: {
  keys: readonly Transferred[];
  /** Called with whether anything was transferred. */
  close: (isChanged: boolean) => void;
}) {
  // The page behind asks again after the run, and then passes fewer keys.
  const [keys] = useState(given);
  const { users = [] } = useUsers();
  const { data } = useAnswer(ScopesDocument, {});
  const [ownerId, setOwnerId] = useState('');
  const parts = useParts(TransferKeyDocument);
  const others = users.filter(({ id, isActive }) => isActive && keys.some(({ owner }) => owner.id !== id));
  const owner = others.find(({ id }) => id === ownerId);
  const leave = () => close(parts.left !== undefined && parts.left.length < keys.length);
  const transfer = async () => {
    const isDone = await parts.run(keys.map(({ id }) => ({ id, ownerId })));
    if (isDone && keys.length === 1) close(true);
  };
  const held = data?.apiScopes.filter(({ grantedTo }) => owner && grantedTo.includes(owner.role));
  return (
    <Window
      title={keys.length === 1 ? 'Transfer the key' : `Transfer ${formatNumber(keys.length)} keys`}
      isFirm={parts.isRunning}
      close={leave}
    >
      {parts.left === undefined ? (
        <>
          <Choice
            label="New owner"
            value={ownerId}
            choose={setOwnerId}
            options={[
              ['', 'Choose somebody'],
              ...others.map(
                ({ id, name, kind, role }) => [id, `${name} (${KIND_WORDS[kind]}, ${ROLE_WORDS[role]})`] as const,
              ),
            ]}
          />
          {owner && held && <Narrowed keys={keys} role={owner.role} held={new Set(held.map(({ name }) => name))} />}
          <WindowActions
            close={leave}
            action={keys.length === 1 ? 'Transfer the key' : `Transfer all ${formatNumber(keys.length)}`}
            isDisabled={!owner || !held}
            act={transfer}
          />
        </>
      ) : (
        <TransferProgress
          keys={keys}
          to={owner?.name ?? ''}
          parts={parts}
          goOn={() => void parts.run(parts.left ?? [])}
          close={leave}
        />
      )}
    </Window>
  );
}

/** What the keys lose with their new owner. Those that lose something come first. */
function Narrowed({ keys, role, held }: { keys: readonly Transferred[]; role: UserRole; held: ReadonlySet<string> }) {
  const lostBy = ({ scopes }: Transferred) => scopes.filter((scope) => !held.has(scope));
  const narrowed = keys.filter((key) => lostBy(key).length > 0);
  const shown = [...narrowed, ...keys.filter((key) => lostBy(key).length === 0)].slice(0, MOST);
  return (
    <>
      {keys.length > 1 && (
        <p className={narrowed.length === 0 ? undefined : 'notice notice-warn'} role="status">
          {narrowed.length === 0
            ? 'All of them keep all of their scopes.'
            : `${formatNumber(narrowed.length)} of ${formatNumber(keys.length)} lose scopes.`}
        </p>
      )}
      <ScrollingList label="What the keys lose">
        {shown.map((key) => {
          const lost = lostBy(key);
          return (
            <li key={key.id}>
              <strong>{key.name}</strong>{' '}
              {lost.length === 0 ? (
                'keeps all of its scopes.'
              ) : (
                <>
                  loses <code>{lost.join(', ')}</code> for good: {ROLE_WORDS[role].toLowerCase()} does not hold{' '}
                  {lost.length === 1 ? 'it' : 'them'}.
                </>
              )}
            </li>
          );
        })}
        {keys.length > MOST && <li className="quiet">And {formatNumber(keys.length - MOST)} more.</li>}
      </ScrollingList>
    </>
  );
}
