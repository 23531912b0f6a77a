import { randomUUID } from 'node:crypto';
import { bySession, expectNothing, isDone, isLost, type Operation } from './isolation-steps.js';
import type { TenantModel } from './tenant-model.js';
import { CREATE_ENDPOINT } from './webhooks.js';

const DELIVERIES = 'deliveries(first: 3) { nodes { id apiKeyId payload } }';
type Pick = <Item>(items: readonly Item[]) => Item | undefined;

/** Operations on webhook endpoints and deliveries, which mix in what belongs to another tenant. */
export function webhookOperations(pick: Pick, chance: (share: number) => boolean): Operation[] {
  const anEndpoint = ({ endpoints }: TenantModel) => pick(endpoints) ?? randomUUID();
  return [
    async (step) => {
      const answer = await bySession(step, CREATE_ENDPOINT, {
        input: { url: `https://hooks.example.com/${step.by.mark}`, description: `${step.by.mark}endpoint` },
      });
      if (!isDone(answer, 'createWebhookEndpoint')) return answer;
      const id = answer.at<string>('createWebhookEndpoint.webhookEndpoint.id');
      step.by.endpoints.push(id);
      step.world.belongs(id, step.by);
      return answer;
    },
    async (step) => {
      const document = `query ($id: ID!) { theirs: webhookEndpoint(id: $id) { id url ${DELIVERIES} }
      webhookEndpoints { id url description ${DELIVERIES} } }`;
      const answer = await bySession(step, document, { id: anEndpoint(step.other) });
      if (!isLost(answer) && step.by !== step.other && answer.errors.length === 0)
        expect(answer.data['theirs']).toBeNull();
      return answer;
    },
    async (step) => {
      const document = 'mutation ($id: ID!) { testWebhookEndpoint(id: $id) { delivery { id payload } } }';
      const answer = await bySession(step, document, { id: anEndpoint(step.other) });
      expectNothing(answer, 'testWebhookEndpoint', step);
      if (!isDone(answer, 'testWebhookEndpoint')) return answer;
      const id = answer.at<string>('testWebhookEndpoint.delivery.id');
      step.by.deliveries.push(id);
      step.world.belongs(id, step.by);
      return answer;
    },
    async (step) => {
      const document = `mutation ($input: ReplayWebhookDeliveriesInput!) { replayWebhookDeliveries(input: $input) { count } }`;
      // An endpoint of the caller's with a delivery of another's, or both another's.
      const endpointId = anEndpoint(chance(0.5) ? step.by : step.other);
      const deliveryIds = [pick(step.other.deliveries) ?? randomUUID()];
      const answer = await bySession(step, document, { input: { endpointId, deliveryIds } });
      expectNothing(answer, 'replayWebhookDeliveries', step);
      return answer;
    },
    async (step) => {
      const document = `mutation ($input: UpdateWebhookEndpointInput!) {
      updateWebhookEndpoint(input: $input) { webhookEndpoint { id url description } } }`;
      const input = { id: anEndpoint(step.other), description: `${step.by.mark}changed` };
      const answer = await bySession(step, document, { input });
      expectNothing(answer, 'updateWebhookEndpoint', step);
      return answer;
    },
    async (step) => {
      const document = 'mutation ($id: ID!) { rotateWebhookSecret(id: $id) { secret webhookEndpoint { id } } }';
      const answer = await bySession(step, document, { id: anEndpoint(step.other) });
      expectNothing(answer, 'rotateWebhookSecret', step);
      return answer;
    },
  ];
}
