import type { Failure } from '../api/failure.js';
import type { EndpointFragment, NotificationKind } from '../generated/graphql.js';
import { Field, problemsOf, Wrong } from '../shared/field.js';
import { TextArea } from '../shared/text-area.js';
import { KIND_NAMES, KINDS, typeOf } from './kinds.js';

/** An endpoint as it is typed. */
export interface EndpointDraft {
  url: string;
  description: string;
  /** Empty: every kind. */
  kinds: readonly NotificationKind[];
}

export const draftOf = (endpoint?: EndpointFragment): EndpointDraft => ({
  url: endpoint?.url ?? '',
  description: endpoint?.description ?? '',
  kinds: endpoint?.kinds ?? [],
});

/** The draft as the API takes it. */
export const endpointInputOf = ({ url, description, kinds }: EndpointDraft) => ({
  url,
  description: description.trim() === '' ? null : description,
  kinds: [...kinds],
});

/** The members whose problems stand at their fields. */
export const ENDPOINT_FIELDS = ['url', 'description', 'kinds'];

/** Where to, and what. */
export function EndpointFields({
  draft,
  change,
  failure,
}: {
  draft: EndpointDraft;
  change: (change: Partial<EndpointDraft>) => void;
  failure: Failure | undefined;
}) {
  const wrong = (member: string) => problemsOf(failure, member);
  return (
    <>
      <Field label="Address" wrong={wrong('url')} help="An https address that is reached from the portal.">
        {(attributes) => (
          <input
            {...attributes}
            type="url"
            className="code"
            value={draft.url}
            autoComplete="off"
            onChange={(event) => change({ url: event.target.value })}
          />
        )}
      </Field>
      <TextArea
        label="Description"
        wrong={wrong('description')}
        value={draft.description}
        change={(description) => change({ description })}
      />
      <Kinds kinds={draft.kinds} choose={(kinds) => change({ kinds })} />
      <Wrong messages={wrong('kinds')} />
    </>
  );
}

function Kinds({
  kinds,
  choose,
}: {
  kinds: readonly NotificationKind[];
  choose: (kinds: readonly NotificationKind[]) => void;
}) {
  return (
    <fieldset>
      <legend>What is sent</legend>
      <label className="choice">
        <input
          type="checkbox"
          checked={kinds.length === 0}
          onChange={(event) => choose(event.target.checked ? [] : ['API_KEY_REVOKED'])}
        />
        Everything, and what is added later
      </label>
      {kinds.length > 0 && (
        <div className="choices">
          {KINDS.map((kind) => (
            <label key={kind} className="choice" title={typeOf(kind)}>
              <input
                type="checkbox"
                checked={kinds.includes(kind)}
                onChange={(event) =>
                  choose(KINDS.filter((other) => (other === kind ? event.target.checked : kinds.includes(other))))
                }
              />
              {KIND_NAMES[kind]}
            </label>
          ))}
        </div>
      )}
    </fieldset>
  );
}
