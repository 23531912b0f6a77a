import type { Failure } from '../../api/failure.js';
import type { Policy } from '../../keys/policy.js';
import { settings } from '../../settings.js';
import { Field, problemsOf } from '../../shared/field.js';
import { TextArea } from '../../shared/text-area.js';
import { linesOf } from '../../shared/lines.js';
import type { Draft, Unreadable } from './draft.js';

const WINDOWS: readonly [number, string][] = [
  [1, 'second'],
  [60, 'minute'],
  [3600, 'hour'],
  [86400, 'day'],
];

/** From where and how often the key may be used, and what is kept with it. */
export function UsePlace({
  draft,
  change,
  policy,
  failure,
  unreadable,
}: {
  draft: Draft;
  change: (change: Partial<Draft>) => void;
  policy: Policy | undefined;
  failure: Failure | undefined;
  unreadable: Unreadable;
}) {
  const wrong = (member: string) => problemsOf(failure, member);
  const own = settings.address.includes(':') ? `${settings.address}/128` : `${settings.address}/32`;
  return (
    <>
      <TextArea
        label="Networks"
        wrong={wrong('allowedCidrs')}
        help={
          <>
            One in each line, such as 203.0.113.0/24. Empty: from anywhere.
            {policy && policy.allowedCidrs.length > 0 && ` The policy admits ${policy.allowedCidrs.join(', ')} alone.`}
          </>
        }
        value={draft.networks}
        change={(networks) => change({ networks })}
        isCode
      />
      <div>
        <button
          type="button"
          className="button"
          disabled={linesOf(draft.networks).includes(own)}
          onClick={() => change({ networks: [...linesOf(draft.networks), own].join('\n') })}
        >
          Add my address now, {own}
        </button>
      </div>
      <RateFields draft={draft} change={change} wrong={wrong('rateLimit')} />
      <TextArea
        label="Description"
        wrong={wrong('description')}
        value={draft.description}
        change={(description) => change({ description })}
      />
      <TextArea
        label="Metadata"
        wrong={[...wrong('metadata'), ...(unreadable.metadata ? [unreadable.metadata] : [])]}
        help="A JSON object of your own, such as { “ticket”: “NET-4711” }."
        value={draft.metadata}
        change={(metadata) => change({ metadata })}
        isCode
      />
    </>
  );
}

function RateFields({
  draft,
  change,
  wrong,
}: {
  draft: Draft;
  change: (change: Partial<Draft>) => void;
  wrong: readonly string[];
}) {
  return (
    <div className="row">
      <Field label="Requests at most" wrong={wrong} help="Empty: as many as it likes.">
        {(attributes) => (
          <input
            {...attributes}
            type="number"
            min={1}
            max={1_000_000}
            value={draft.limit}
            onChange={(event) => change({ limit: event.target.value })}
          />
        )}
      </Field>
      <Field label="In each" help="The limit counts over all instances.">
        {(attributes) => (
          <select
            {...attributes}
            value={draft.windowSeconds}
            onChange={(event) => change({ windowSeconds: event.target.value })}
          >
            {WINDOWS.map(([seconds, words]) => (
              <option key={seconds} value={seconds}>
                {words}
              </option>
            ))}
            {!WINDOWS.some(([seconds]) => String(seconds) === draft.windowSeconds) && (
              <option value={draft.windowSeconds}>{draft.windowSeconds} seconds</option>
            )}
          </select>
        )}
      </Field>
    </div>
  );
}
