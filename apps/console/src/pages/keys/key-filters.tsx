import { useEffect, useState } from 'react';
import { useAnswer } from '../../api/operations.js';
import { ScopesDocument } from '../../generated/graphql.js';
import { Choice } from '../../shared/choice.js';
import { Field } from '../../shared/field.js';
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
  const scopes = useAnswer(ScopesDocument, {}).data?.apiScopes ?? [];
  return (
    <search className="filters">
      <Search search={address.search} change={change} />
      {isForAdmin && (
        <Choice
          label="Owner"
          value={address.owner ?? ''}
          choose={(owner) => change({ owner })}
          options={[['', 'Anybody'], ...users.map(({ id, name }) => [id, name] as const)]}
        />
      )}
      <Choice
        label="Scope"
        value={address.scope ?? ''}
        choose={(scope) => change({ scope })}
        options={[['', 'Any'], ...scopes.map(({ name }) => [name, name] as const)]}
      />
      <Choice
        label="Order"
        value={address.order}
        choose={(order) => change({ order })}
        options={Object.entries(ORDERS).map(([name, { words }]) => [name, words])}
      />
    </search>
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
    <Field label="Search">
      {(attributes) => (
        <input
          {...attributes}
          type="search"
          value={text}
          maxLength={200}
          placeholder="Name, description or prefix"
          onChange={(event) => setText(event.target.value)}
        />
      )}
    </Field>
  );
}
