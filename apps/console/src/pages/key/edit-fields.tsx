import type { Failure } from '../../api/failure.js';
import type { Policy } from '../../keys/policy.js';
import { Field, problemsOf } from '../../shared/field.js';
import { TextArea } from '../../shared/text-area.js';
import { DAY_MS, formatNumber, localOf } from '../../shared/time.js';
import type { KeyEdit } from '../../keys/edit.js';

/** The members of a key that can be typed. */
export function EditFields({
  edit,
  change,
  failure,
  isMetadataUnreadable,
  policy,
  createdAt,
}: {
  edit: KeyEdit;
  change: (change: Partial<KeyEdit>) => void;
  failure: Failure | undefined;
  isMetadataUnreadable: boolean;
  policy: Policy | undefined;
  /** The policy counts the life of a key from here. */
  createdAt: string;
}) {
  const wrong = (member: string) => problemsOf(failure, member);
  const unreadable = isMetadataUnreadable ? ['This is no JSON object.'] : [];
  return (
    <>
      <Field label="Name" wrong={wrong('name')}>
        {(attributes) => (
          <input {...attributes} value={edit.name} onChange={(event) => change({ name: event.target.value })} />
        )}
      </Field>
      <TextArea
        label="Description"
        wrong={wrong('description')}
        value={edit.description}
        change={(description) => change({ description })}
      />
      <Field label="Expires" wrong={wrong('expiresAt')} help={expiryHelp(policy)}>
        {(attributes) => (
          <input
            {...attributes}
            type="datetime-local"
            value={edit.expires}
            max={
              policy?.maxLifetimeDays == null
                ? undefined
                : localOf(new Date(createdAt).getTime() + policy.maxLifetimeDays * DAY_MS)
            }
            onChange={(event) => change({ expires: event.target.value })}
          />
        )}
      </Field>
      <TextArea
        label="Networks"
        wrong={wrong('allowedCidrs')}
        help={`One in each line. Empty: from anywhere.${policy && policy.allowedCidrs.length > 0 ? ` The policy admits ${policy.allowedCidrs.join(', ')} alone.` : ''}`}
        value={edit.networks}
        change={(networks) => change({ networks })}
        isCode
      />
      <RateFields edit={edit} change={change} wrong={wrong('rateLimit')} />
      <TextArea
        label="Metadata"
        wrong={[...wrong('metadata'), ...unreadable]}
        value={edit.metadata}
        change={(metadata) => change({ metadata })}
        isCode
      />
    </>
  );
}

function expiryHelp(policy: Policy | undefined): string {
  const { requireExpiry, maxLifetimeDays } = policy ?? {};
  const never = requireExpiry ? 'The policy wants every key to expire.' : 'Empty: never.';
  const most =
    maxLifetimeDays == null ? '' : ` The policy lets a key live for ${formatNumber(maxLifetimeDays)} days at most.`;
  return `In your own time zone. ${never}${most}`;
}

function RateFields({
  edit,
  change,
  wrong,
}: {
  edit: KeyEdit;
  change: (change: Partial<KeyEdit>) => void;
  wrong: readonly string[];
}) {
  return (
    <div className="row">
      <Field label="Requests at most" wrong={wrong} help="Empty: not limited.">
        {(attributes) => (
          <input
            {...attributes}
            type="number"
            min={1}
            value={edit.limit}
            onChange={(event) => change({ limit: event.target.value })}
          />
        )}
      </Field>
      <Field label="In seconds">
        {(attributes) => (
          <input
            {...attributes}
            type="number"
            min={1}
            value={edit.windowSeconds}
            onChange={(event) => change({ windowSeconds: event.target.value })}
          />
        )}
      </Field>
    </div>
  );
}
