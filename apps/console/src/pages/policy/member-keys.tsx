import { useAnswer } from '../../api/operations.js';
import { type MemberKeys, PendingCountDocument } from '../../generated/graphql.js';
import { formatNumber } from '../../shared/time.js';

const CHOICES: readonly [MemberKeys, string][] = [
  ['NONE', 'No: only admins make keys'],
  ['APPROVAL', 'Yes, and an admin approves each'],
  ['ALLOWED', 'Yes, without approval'],
];

const CHANGES: Readonly<Record<MemberKeys, string>> = {
  NONE: 'From now on members make no keys and widen none. The keys that they have go on working, and stay theirs to narrow, rotate and revoke.',
  APPROVAL:
    'From now on a new key of a member opens nothing until an admin approves it. The keys that members have go on working; they can be narrowed, and not widened.',
  ALLOWED: 'From now on members make and widen keys of their own, within their role, without approval.',
};

/** May operators and viewers have keys of their own? */
export function MemberKeysChoice({
  memberKeys,
  choose,
}: {
  memberKeys: MemberKeys;
  choose: (memberKeys: MemberKeys) => void;
}) {
  return (
    <fieldset>
      <legend>May members make keys of their own?</legend>
      {CHOICES.map(([value, words]) => (
        <label key={value} className="choice">
          <input type="radio" name="member-keys" checked={memberKeys === value} onChange={() => choose(value)} />
          {words}
        </label>
      ))}
      <p className="help">Members are operators and viewers. A key never does more than its owner’s role.</p>
    </fieldset>
  );
}

/** What a change of the rule does, beside the keys that the other rules block. */
export function MemberKeysPreview({ before, after }: { before: MemberKeys; after: MemberKeys }) {
  const { data } = useAnswer(PendingCountDocument, {});
  if (before === after) return null;
  const waiting = data?.apiKeys.totalCount ?? 0;
  return (
    <p className="notice" role="status">
      {CHANGES[after]}
      {waiting > 0 &&
        ` ${waiting === 1 ? 'One request still waits' : `${formatNumber(waiting)} requests still wait`} for the answer of an admin.`}
    </p>
  );
}
