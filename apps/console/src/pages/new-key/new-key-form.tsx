import { Link2 } from 'lucide-react';
import type { Failure } from '../../api/failure.js';
import { useAnswer } from '../../api/operations.js';
import { ScopePresetsDocument, type ScopesQuery } from '../../generated/graphql.js';
import type { Policy } from '../../keys/policy.js';
import { refusalOf, ScopePicker } from '../../keys/scope-picker.js';
import { Field, problemsOf, Wrong } from '../../shared/field.js';
import { Form } from '../../shared/form.js';
import { TextArea } from '../../shared/text-area.js';
import { formatNumber } from '../../shared/time.js';
import type { User } from '../../shared/use-users.js';
import { KIND_WORDS, ROLE_WORDS } from '../../shared/words.js';
import { type Draft, linkOf, type Unreadable } from './draft.js';
import { ExpiryChoice } from './expiry-choice.js';
import { PastedOperation } from './pasted-operation.js';
import { UsePlace } from './use-place.js';

export type Owner = Pick<User, 'id' | 'name' | 'kind' | 'role'>;

interface FormProps {
  draft: Draft;
  change: (change: Partial<Draft>) => void;
  catalogue: ScopesQuery['apiScopes'];
  policy: Policy | undefined;
  /** Who may own the key. */
  owners: readonly Owner[];
  /** A member makes keys for itself alone, and says why. */
  isMember: boolean;
  now: number;
  failure: Failure | undefined;
  unreadable: Unreadable;
  isRunning: boolean;
  create: () => void;
}

/** What a key is to be. Nothing typed is lost on an error; what is wrong stands at its field. */
export function NewKeyForm(props: FormProps) {
  const { draft, change, policy, isMember, now, failure, unreadable, isRunning, create } = props;
  const wrong = (member: string) => problemsOf(failure, member);
  return (
    <Form submit={create}>
      <Field label="Name" wrong={wrong('name')} help="What the key is for, such as “nightly export”.">
        {(attributes) => (
          <input
            {...attributes}
            value={draft.name}
            autoComplete="off"
            onChange={(event) => change({ name: event.target.value })}
          />
        )}
      </Field>
      <OwnerField {...props} />
      {isMember && (
        <TextArea
          label="Why you need it"
          wrong={wrong('reason')}
          help="Where the policy of this tenant asks for an approval, an admin reads this before deciding."
          value={draft.reason}
          change={(reason) => change({ reason })}
        />
      )}
      <ScopeFields {...props} />
      <ExpiryChoice expiry={draft.expiry} choose={(expiry) => change({ expiry })} policy={policy} now={now} />
      <Wrong messages={[...wrong('expiresAt'), ...(unreadable.expiresAt ? [unreadable.expiresAt] : [])]} />
      <UsePlace draft={draft} change={change} policy={policy} failure={failure} unreadable={unreadable} />
      {failure?.kind === 'input' && (
        <p className="notice notice-bad" role="alert">
          The key was not made:{' '}
          {failure.problems.length === 1 ? 'one thing is' : `${failure.problems.length} things are`} wrong above.
          Nothing that you typed is lost.
        </p>
      )}
      <div className="actions">
        <button type="submit" className="button button-primary" disabled={isRunning}>
          {isRunning ? 'Making the key …' : 'Make the key'}
        </button>
        <button type="button" className="button" onClick={() => void navigator.clipboard.writeText(linkOf(draft))}>
          <Link2 aria-hidden /> Copy a link to this form
        </button>
      </div>
    </Form>
  );
}

function OwnerField({ draft, change, policy, owners, isMember, failure }: FormProps) {
  const wrong = problemsOf(failure, 'ownerId');
  const most = policy?.maxKeysPerOwner;
  return (
    <Field
      label="Owner"
      wrong={wrong}
      help={`The key stops when its owner is no longer active.${most == null ? '' : ` The policy lets one owner have ${formatNumber(most)} keys at most.`}`}
    >
      {(attributes) => (
        <select
          {...attributes}
          value={draft.ownerId}
          disabled={isMember}
          onChange={(event) => change({ ownerId: event.target.value })}
        >
          {!owners.some(({ id }) => id === draft.ownerId) && <option value={draft.ownerId}>Choose somebody</option>}
          {owners.map(({ id, name, kind, role }) => (
            <option key={id} value={id}>
              {name} ({KIND_WORDS[kind]}, {ROLE_WORDS[role]})
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

function ScopeFields({ draft, change, catalogue, policy, owners, failure }: FormProps) {
  const { data } = useAnswer(ScopePresetsDocument, {});
  const bounds = { role: owners.find(({ id }) => id === draft.ownerId)?.role, allowedScopes: policy?.allowedScopes };
  const unknown = [...draft.scopes].filter((name) => !catalogue.some((scope) => scope.name === name));
  const refused = catalogue.filter((scope) => draft.scopes.has(scope.name) && refusalOf(scope, bounds) !== undefined);
  const give = (names: readonly string[]) => {
    const given = catalogue.filter((scope) => names.includes(scope.name) && refusalOf(scope, bounds) === undefined);
    change({ scopes: new Set(given.map(({ name }) => name)) });
  };
  return (
    <section className="card" aria-label="Scopes">
      <h2>Scopes</h2>
      <div className="choices" role="group" aria-label="Presets">
        {data?.apiScopePresets.map(({ name, description, scopes }) => (
          <button key={name} type="button" className="button" title={description} onClick={() => give(scopes)}>
            {name.charAt(0).toUpperCase() + name.slice(1)}
          </button>
        ))}
      </div>
      <PastedOperation take={(scopes) => change({ scopes: new Set(scopes) })} />
      <ScopePicker
        catalogue={catalogue}
        bounds={bounds}
        chosen={draft.scopes}
        choose={(scopes) => change({ scopes })}
      />
      {unknown.length > 0 && (
        <p className="notice notice-warn">
          The link asks for {unknown.join(', ')}, which this portal does not know.{' '}
          <button
            type="button"
            className="button button-link"
            onClick={() => change({ scopes: new Set([...draft.scopes].filter((name) => !unknown.includes(name))) })}
          >
            Leave it out
          </button>
        </p>
      )}
      {draft.scopes.size === catalogue.length && <p className="notice notice-warn">This key may do everything.</p>}
      <Wrong
        messages={[
          ...refused.map((scope) => `${scope.name}: ${refusalOf(scope, bounds)}`),
          ...problemsOf(failure, 'scopes'),
        ]}
      />
    </section>
  );
}
