import { EVENT_WORDS } from '../../keys/event.js';
import { Field } from '../../shared/field.js';
import { useUsers } from '../../shared/use-users.js';

/** All of it stands in the address bar. */
export function AuditFilters({
  parameters,
  change,
}: {
  parameters: URLSearchParams;
  change: (change: Record<string, string>) => void;
}) {
  const { users = [] } = useUsers();
  const value = (name: string) => parameters.get(name) ?? '';
  return (
    <search className="filters filters-even">
      <Field label="What">
        {(attributes) => (
          <select {...attributes} value={value('kind')} onChange={(event) => change({ kind: event.target.value })}>
            <option value="">Anything</option>
            {Object.entries(EVENT_WORDS).map(([kind, words]) => (
              <option key={kind} value={kind}>
                {words}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label="By">
        {(attributes) => (
          <select {...attributes} value={value('actor')} onChange={(event) => change({ actor: event.target.value })}>
            <option value="">Anybody</option>
            {users.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </select>
        )}
      </Field>
      {(['from', 'to'] as const).map((name) => (
        <Field key={name} label={name === 'from' ? 'From' : 'To'}>
          {(attributes) => (
            <input
              {...attributes}
              type="datetime-local"
              value={value(name)}
              onChange={(event) => change({ [name]: event.target.value })}
            />
          )}
        </Field>
      ))}
      {value('key') !== '' && (
        <button type="button" className="button" onClick={() => change({ key: '' })}>
          Of every key
        </button>
      )}
    </search>
  );
}
