import { useState } from 'react';
import { useNavigate } from 'react-router';
import { FailureNotice } from '../../api/answered.js';
import { useAct } from '../../api/operations.js';
import { DeleteEndpointDocument, TestEndpointDocument, UpdateEndpointDocument } from '../../generated/graphql.js';
import { isAtFields } from '../../shared/field.js';
import { Window } from '../../shared/window.js';
import { WindowActions } from '../../shared/window-actions.js';
import { draftOf, ENDPOINT_FIELDS, EndpointFields, endpointInputOf } from '../../webhooks/endpoint-fields.js';
import { type RotatedSecret, RotateSecretWindow } from './rotate-secret-window.js';
import type { ShownEndpoint } from './shown-endpoint.js';

/** What can be done with an endpoint. */
export function EndpointActions({
  endpoint,
  rotated,
  reload,
}: {
  endpoint: ShownEndpoint;
  rotated: (rotated: RotatedSecret) => void;
  reload: () => void;
}) {
  const [open, setOpen] = useState<'edit' | 'rotate' | 'delete'>();
  const update = useAct(UpdateEndpointDocument);
  const test = useAct(TestEndpointDocument);
  const close = () => setOpen(undefined);
  const { id, isEnabled } = endpoint;
  const failure = update.failure ?? test.failure;
  const send = async () => {
    await test.run({ id });
    reload();
  };
  return (
    <>
      <button type="button" className="button" disabled={test.isRunning} onClick={() => void send()}>
        Send a test event
      </button>
      <button type="button" className="button" onClick={() => setOpen('edit')}>
        Change …
      </button>
      <button type="button" className="button" onClick={() => setOpen('rotate')}>
        Rotate the secret …
      </button>
      <button
        type="button"
        className="button"
        disabled={update.isRunning}
        onClick={() => void update.run({ input: { id, isEnabled: !isEnabled } })}
      >
        {isEnabled ? 'Disable' : 'Enable'}
      </button>
      <button type="button" className="button button-bad" onClick={() => setOpen('delete')}>
        Delete …
      </button>
      {failure && <FailureNotice failure={failure} />}
      {open === 'edit' && <EditEndpointWindow endpoint={endpoint} close={close} />}
      {open === 'rotate' && (
        <RotateSecretWindow
          id={id}
          close={close}
          made={(answer) => {
            close();
            rotated(answer);
          }}
        />
      )}
      {open === 'delete' && <DeleteEndpointWindow endpoint={endpoint} close={close} />}
    </>
  );
}

function EditEndpointWindow({ endpoint, close }: { endpoint: ShownEndpoint; close: () => void }) {
  const [draft, setDraft] = useState(() => draftOf(endpoint));
  const { run, isRunning, failure } = useAct(UpdateEndpointDocument);
  const save = async () => {
    const { data } = await run({ input: { id: endpoint.id, ...endpointInputOf(draft) } });
    if (data?.updateWebhookEndpoint) close();
  };
  return (
    <Window title="Change the endpoint" isFirm close={close}>
      <EndpointFields draft={draft} change={(change) => setDraft({ ...draft, ...change })} failure={failure} />
      <WindowActions
        failure={isAtFields(failure, ENDPOINT_FIELDS) ? undefined : failure}
        close={close}
        action="Save"
        isDisabled={isRunning}
        act={save}
      />
    </Window>
  );
}

function DeleteEndpointWindow({ endpoint: { id, url }, close }: { endpoint: ShownEndpoint; close: () => void }) {
  const navigate = useNavigate();
  const { run, isRunning, failure } = useAct(DeleteEndpointDocument);
  const remove = async () => {
    const { data } = await run({ id });
    if (data?.deleteWebhookEndpoint) void navigate('/webhooks');
  };
  return (
    <Window title="Delete the endpoint" close={close}>
      <p>
        Nothing more is sent to <code>{url}</code>. Its secret and all of its deliveries are removed, those that wait
        included. This cannot be undone.
      </p>
      <WindowActions
        failure={failure}
        cancel="Keep it"
        close={close}
        action="Delete the endpoint"
        isDestructive
        isDisabled={isRunning}
        act={remove}
      />
    </Window>
  );
}
