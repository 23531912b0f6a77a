import type { Failure } from '../../api/failure.js';
import { useAnswer } from '../../api/operations.js';
import { ScopesDocument } from '../../generated/graphql.js';
import { Field, problemsOf, Wrong } from '../../shared/field.js';
import { TextArea } from '../../shared/text-area.js';
import { MemberKeysChoice } from './member-keys.js';
import type { PolicyDraft } from './policy-draft.js';

type NumberRule = 'maxLifetimeDays' | 'maxInactiveDays' | 'maxKeysPerOwner';

const NUMBERS: readonly [NumberRule, string, string][] = [
  ['maxLifetimeDays', 'A key works for at most, in days', 'Counted from when it was made. Empty: as long as it likes.'],
  ['maxInactiveDays', 'A key may go unused for, in days', 'Empty: as long as it likes.'],
  ['maxKeysPerOwner', 'Keys of one owner, at most', 'Holds when a key is made. Empty: as many as they like.'],
];

/** The rules, each with what it does. */
export function PolicyForm({
  draft,
  change,
  failure,
}: {
  draft: PolicyDraft;
  change: (change: Partial<PolicyDraft>) => void;
  failure: Failure | undefined;
}) {
  const wrong = (member: string) => problemsOf(failure, member);
  return (
    <>
      <label className="choice">
        <input
          type="checkbox"
          checked={draft.requireExpiry}
          onChange={(event) => change({ requireExpiry: event.target.checked })}
        />
        Every key must expire
      </label>
      {NUMBERS.map(([rule, label, help]) => (
        <Field key={rule} label={label} help={help} wrong={wrong(rule)}>
          {(attributes) => (
            <input
              {...attributes}
              type="number"
              min={1}
              value={draft[rule]}
              onChange={(event) => change({ [rule]: event.target.value })}
            />
          )}
        </Field>
      ))}
      <Field
        label="An old secret outlives its rotation for at most, in hours"
        wrong={wrong('maxRotationOverlapSeconds')}
        help="Up to 2,160 (90 days). 0: it ends at once."
      >
        {(attributes) => (
          <input
            {...attributes}
            type="number"
            min={0}
            value={draft.maxRotationOverlapHours}
            onChange={(event) => change({ maxRotationOverlapHours: event.target.value })}
          />
        )}
      </Field>
      <TextArea
        label="Networks"
        wrong={wrong('allowedCidrs')}
        help="Keys may be used from these alone, on top of their own. One in each line; empty: from anywhere."
        value={draft.networks}
        change={(networks) => change({ networks })}
        isCode
      />
      <AllowedScopes allowed={draft.allowedScopes} allow={(allowedScopes) => change({ allowedScopes })} />
      <Wrong messages={wrong('allowedScopes')} />
      <MemberKeysChoice memberKeys={draft.memberKeys} choose={(memberKeys) => change({ memberKeys })} />
    </>
  );
}

function AllowedScopes({
  allowed,
  allow,
}: {
  allowed: PolicyDraft['allowedScopes'];
  allow: (allowed: PolicyDraft['allowedScopes']) => void;
}) {
  const { data } = useAnswer(ScopesDocument, {});
  const names = data?.apiScopes.map(({ name }) => name) ?? [];
  return (
    <fieldset>
      <legend>Scopes that keys may use</legend>
      <label className="choice">
        <input
          type="checkbox"
          checked={allowed === undefined}
          onChange={(event) => allow(event.target.checked ? undefined : new Set(names))}
        />
        Every scope
      </label>
      {allowed && (
        <div className="choices">
          {names.map((name) => (
            <label key={name} className="choice">
              <input
                type="checkbox"
                checked={allowed.has(name)}
                onChange={(event) =>
                  allow(new Set(names.filter((other) => (other === name ? event.target.checked : allowed.has(other)))))
                }
              />
              <code>{name}</code>
            </label>
          ))}
        </div>
      )}
    </fieldset>
  );
}
