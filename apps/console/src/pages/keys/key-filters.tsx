import { useEffect, useState } from 'react';
import { useAnswer } from '../../api/operations.js';
import { ScopesDocument } from '../../generated/graphql.js';
import { useUsers } from '../../shared/use-users.js';
import { isAdmin, useViewer } from '../../shell/viewer.js';
import { type ListAddress, ORDERS } from './list-address.js';

const TYPING_MS = 300;

/** Search, filters and order. All of them stand in the address bar. */
export function KeyFilters({
  address,
  change,
}: {
  address: ListAddress;
  change: (change: Record<string, string | undefined>) => void;
}) {
  const isForAdmin = isAdmin(useViewer());
  const { users = [] } = useUsers({ isPaused: !isForAdmin });
  const { data } = useAnswer(ScopesDocument, {});
  return (
    <search className="filters">
      <Search search={address.search} change={change} />
      {isForAdmin && (
        <Choice name="Owner" value={address.owner} choose={(owner) => change({ owner })}>
          <option value="">Anybody</option>
          {users.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Choice>
      )}
      <Choice name="Scope" value={address.scope} choose={(scope) => change({ scope })}>
        <option value="">Any</option>
        {data?.apiScopes.map(({ name }) => (
          <option key={name}>{name}</option>
        ))}
      </Choice>
      <Choice name="Order" value={address.order} choose={(order) => change({ order })}>
        {Object.entries(ORDERS).map(([name, { words }]) => (
          <option key={name} value={name}>
            {words}
          </option>
        ))}
      </Choice>
    </search>
  );
}

function Choice({
  name,
  value = '',
  choose,
  children,
}: {
  name: string;
  value: string | undefined;
  choose: (value: string) => void;
  children: React.ReactNode;
}) {
  return (
    <label className="field">
      <span className="label">{name}</span>
      <select value={value} onChange={(event) => choose(event.target.value)}>
        {children}
      </select>
    </label>
  );
}

/** Searches when the typing pauses: a search reads every key of the tenant. */
function Search({ search, change }: { search: string; change: (change: Record<string, string>) => void }) {
  const [text, setText] = useState(search);
  const [seen, setSeen] = useState(search);
  // The address changed by itself: a link, or the browser's way back.
  if (seen !== search) {
    setSeen(search);
    setText(search);
  }
  useEffect(() => {
    if (text === search) return undefined;
    const timer = setTimeout(() => change({ q: text }), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text, search, change]);
  return (
    <label className="field">
      <span className="label">Search</span>
      <input
        type="search"
        value={text}
        maxLength={200}
        placeholder="Name, description or prefix"
        onChange={(event) => setText(event.target.value)}
      />
    </label>
  );
}
