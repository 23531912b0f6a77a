import { useState } from 'react';
import { FailureNotice } from '../../api/answered.js';
import { useAct } from '../../api/operations.js';
import { ApproveKeyDocument, type RequestedKeyFragment } from '../../generated/graphql.js';
import { Field, isAtFields, problemsOf, Wrong } from '../../shared/field.js';
import { Form } from '../../shared/form.js';
import { TextArea } from '../../shared/text-area.js';
import { type Approval, asAsked, narrowed } from './approval.js';
import { AskedScopes } from './asked-scopes.js';
import { RejectWindow } from './reject-window.js';

/** The members whose problems stand at their fields. */
const FIELDS = ['scopes', 'expiresAt', 'allowedCidrs'];

/** The answer to a request: approved as asked, approved with less, or rejected. */
export function ApprovalForm({ request, changed }: { request: RequestedKeyFragment; changed: () => void }) {
  const [approval, setApproval] = useState<Approval>(() => asAsked(request));
  const [isRejecting, setRejecting] = useState(false);
  const { run, isRunning, failure } = useAct(ApproveKeyDocument);
  const change = (change: Partial<Approval>) => setApproval({ ...approval, ...change });
  const less = narrowed(approval, request);
  const isLess = Object.keys(less).length > 0;
  const wrong = (member: string) => problemsOf(failure, member);
  const approve = async () => {
    const { failure } = await run({ input: { id: request.id, expectedVersion: request.version, ...less } });
    // Another version, or another admin's answer: the page shows it.
    if (failure?.kind === 'conflict') changed();
  };
  return (
    <Form submit={() => void approve()}>
      <AskedScopes request={request} approved={approval.scopes} approve={(scopes) => change({ scopes })} />
      <Wrong messages={wrong('scopes')} />
      <Limits request={request} approval={approval} change={change} wrong={wrong} />
      {failure && failure.kind !== 'conflict' && !isAtFields(failure, FIELDS) && <FailureNotice failure={failure} />}
      <div className="actions">
        <button type="submit" className="button button-primary" disabled={isRunning || approval.scopes.size === 0}>
          {isLess ? 'Approve, narrowed' : 'Approve as asked'}
        </button>
        <button type="button" className="button button-bad" onClick={() => setRejecting(true)}>
          Reject …
        </button>
        <p className="help">An approved key works from the next request on, on every instance.</p>
      </div>
      {isRejecting && <RejectWindow request={request} close={() => setRejecting(false)} />}
    </Form>
  );
}

/** For how long, and from where. */
function Limits({
  request,
  approval,
  change,
  wrong,
}: {
  request: RequestedKeyFragment;
  approval: Approval;
  change: (change: Partial<Approval>) => void;
  wrong: (member: string) => string[];
}) {
  const asked = asAsked(request);
  return (
    <>
      <Field
        label="Expires"
        wrong={wrong('expiresAt')}
        help={
          request.expiresAt == null
            ? 'In your own time zone. Empty: never, as asked.'
            : 'In your own time zone, no later than asked. Empty: as asked.'
        }
      >
        {(attributes) => (
          <input
            {...attributes}
            type="datetime-local"
            value={approval.expires}
            max={asked.expires || undefined}
            onChange={(event) => change({ expires: event.target.value })}
          />
        )}
      </Field>
      <TextArea
        label="Networks"
        wrong={wrong('allowedCidrs')}
        help={`One in each line. ${request.allowedCidrs.length === 0 ? 'Empty: from anywhere, as asked.' : 'Only within those asked.'}`}
        value={approval.networks}
        change={(networks) => change({ networks })}
        isCode
      />
    </>
  );
}
