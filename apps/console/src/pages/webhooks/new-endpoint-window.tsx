import { useState } from 'react';
import { useAct } from '../../api/operations.js';
import { CreateEndpointDocument, type EndpointFragment } from '../../generated/graphql.js';
import { Secret } from '../../shared/secret.js';
import { isAtFields } from '../../shared/field.js';
import { Window } from '../../shared/window.js';
import { WindowActions } from '../../shared/window-actions.js';
import { draftOf, ENDPOINT_FIELDS, EndpointFields, endpointInputOf } from '../../webhooks/endpoint-fields.js';

/** Makes an endpoint, and hands on its secret. */
export function NewEndpointWindow({
  close,
  made,
}: {
  close: () => void;
  made: (endpoint: EndpointFragment, secret: Secret) => void;
}) {
  const [draft, setDraft] = useState(draftOf());
  const { run, isRunning, failure } = useAct(CreateEndpointDocument);
  const create = async () => {
    const { data } = await run({ input: endpointInputOf(draft) });
    if (!data?.createWebhookEndpoint) return;
    const { webhookEndpoint, secret } = data.createWebhookEndpoint;
    made(webhookEndpoint, new Secret(secret));
  };
  return (
    <Window title="New endpoint" isFirm close={close}>
      <EndpointFields draft={draft} change={(change) => setDraft({ ...draft, ...change })} failure={failure} />
      <WindowActions
        failure={isAtFields(failure, ENDPOINT_FIELDS) ? undefined : failure}
        close={close}
        action="Make the endpoint"
        isDisabled={isRunning}
        act={create}
      />
    </Window>
  );
}
