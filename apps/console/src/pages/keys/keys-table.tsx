import { Link } from 'react-router';
import type { KeysQuery } from '../../generated/graphql.js';
import { Scopes } from '../../keys/scopes.js';
import { Status } from '../../keys/status.js';
import { Name } from '../../shared/name.js';
import { TableHead } from '../../shared/table-head.js';
import { Time } from '../../shared/time.js';
import { Sparkline } from './sparkline.js';

type Key = KeysQuery['apiKeys']['nodes'][number];

const COLUMNS = ['Name', 'Status', 'Scopes', 'Owner', 'Last used', 'Expires', 'Last 24 hours'];

/** The keys of one page, to be read and chosen. On a narrow screen each row is a card. */
export function KeysTable({
  keys,
  chosen,
  choose,
}: {
  keys: readonly Key[];
  chosen: ReadonlySet<string>;
  choose: (chosen: ReadonlySet<string>) => void;
}) {
  const isWhole = keys.length > 0 && keys.every(({ id }) => chosen.has(id));
  const toggle = (id: string) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    choose(next);
  };
  return (
    <table className="table">
      <TableHead names={COLUMNS}>
        <th scope="col">
          <input
            type="checkbox"
            aria-label="Choose all keys of this page"
            checked={isWhole}
            onChange={() => choose(new Set(isWhole ? [] : keys.map(({ id }) => id)))}
          />
        </th>
      </TableHead>
      <tbody>
        {keys.map((key) => (
          <Row key={key.id} apiKey={key} isChosen={chosen.has(key.id)} toggle={() => toggle(key.id)} />
        ))}
      </tbody>
    </table>
  );
}

function Row({ apiKey, isChosen, toggle }: { apiKey: Key; isChosen: boolean; toggle: () => void }) {
  const { id, name, keyPrefix, owner, scopes, effectiveScopes, lastUsedAt, lastUsedIp, expiresAt, usage } = apiKey;
  return (
    <tr className={isChosen ? 'chosen' : undefined}>
      <td>
        <input type="checkbox" aria-label={`Choose ${name}`} checked={isChosen} onChange={toggle} />
      </td>
      <td className="key-name">
        <Link to={`/keys/${id}`}>{name}</Link>
        <code className="quiet">{keyPrefix}…</code>
      </td>
      <td data-label="Status">
        <Status apiKey={apiKey} />
        {apiKey.attemptsAfterRevocation > 0 && <span className="badge badge-bad">Still being tried</span>}
      </td>
      <td data-label="Scopes">
        <Scopes scopes={scopes} effective={effectiveScopes} />
      </td>
      <td data-label="Owner">
        <Name>{owner.name}</Name>
      </td>
      <td data-label="Last used">
        <Time at={lastUsedAt} />
        {lastUsedIp !== null && <span className="quiet address">{lastUsedIp}</span>}
      </td>
      <td data-label="Expires">
        <Time at={expiresAt} />
      </td>
      <td data-label="Last 24 hours">
        <Sparkline points={usage} />
      </td>
    </tr>
  );
}
