import { EVENT_WORDS } from '../../keys/event.js';
import { Choice } from '../../shared/choice.js';
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
      <Choice
        label="What"
        value={value('kind')}
        choose={(kind) => change({ kind })}
        options={[['', 'Anything'], ...Object.entries(EVENT_WORDS)]}
      />
      <Choice
        label="By"
        value={value('actor')}
        choose={(actor) => change({ actor })}
        options={[['', 'Anybody'], ...users.map(({ id, name }) => [id, name] as const)]}
      />
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
