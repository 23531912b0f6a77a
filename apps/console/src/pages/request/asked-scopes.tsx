import { useAnswer } from '../../api/operations.js';
import { ComparableKeysDocument, type RequestedKeyFragment, ScopesDocument } from '../../generated/graphql.js';
import { TableHead } from '../../shared/table-head.js';
import { DAY_MS, formatNumber, useNow } from '../../shared/time.js';
import { upTo } from '../../shared/up-to.js';
import { ROLE_WORDS } from '../../shared/words.js';

/** Each scope that is asked, beside what the role of the owner opens and what the keys of others with that role have needed. */
export function AskedScopes({
  request: { id, scopes, owner },
  approved,
  approve,
}: {
  request: RequestedKeyFragment;
  approved: ReadonlySet<string>;
  approve: (approved: ReadonlySet<string>) => void;
}) {
  const since = new Date(upTo(useNow(), 10) - 30 * DAY_MS).toISOString();
  const catalogue = useAnswer(ScopesDocument, {}).data?.apiScopes ?? [];
  const comparable = useAnswer(ComparableKeysDocument, { ownerKind: owner.kind, since }).data?.apiKeys.nodes;
  const role = ROLE_WORDS[owner.role].toLowerCase();
  const alike = comparable?.filter((key) => key.id !== id && key.owner.role === owner.role);
  const opened = catalogue.filter(({ grantedTo }) => grantedTo.includes(owner.role)).map(({ name }) => name);
  const notAsked = opened.filter((name) => !scopes.includes(name));
  const toggle = (name: string) => {
    const next = new Set(approved);
    if (!next.delete(name)) next.add(name);
    approve(next);
  };
  return (
    <section className="card" aria-labelledby="asked-scopes">
      <h2 id="asked-scopes">Scopes</h2>
      <table className="table">
        <TableHead names={['Asked', `Opened by the role ${role}`, `Keys of the role ${role}`]} />
        <tbody>
          {scopes.map((name) => (
            <tr key={name}>
              <td data-label="Asked" className="key-name">
                <label className="choice">
                  <input type="checkbox" checked={approved.has(name)} onChange={() => toggle(name)} />
                  <code>{name}</code>
                </label>
                <p className="help">{catalogue.find((scope) => scope.name === name)?.description}</p>
              </td>
              <td data-label={`Opened by the role ${role}`}>{opened.includes(name) ? 'Yes' : 'No'}</td>
              <td data-label={`Keys of the role ${role}`}>{alike ? needOf(name, alike) : '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {notAsked.length > 0 && (
        <p className="help">
          The role opens also, and it was not asked: <code>{notAsked.join(', ')}</code>
        </p>
      )}
    </section>
  );
}

type Comparable = { scopes: string[]; unusedScopes: string[] };

/** How many of the keys have the scope, and how many needed it. */
function needOf(name: string, keys: readonly Comparable[]): string {
  if (keys.length === 0) return 'There is no other active key';
  const having = keys.filter(({ scopes }) => scopes.includes(name));
  const needing = having.filter(({ unusedScopes }) => !unusedScopes.includes(name));
  return `${formatNumber(having.length)} of ${formatNumber(keys.length)} have it, ${formatNumber(needing.length)} needed it in 30 days`;
}
