import { randomUUID } from 'node:crypto';
import type { Answer } from './answer.js';
import type { GivenUser } from './given.js';
import type { TestPortal } from './test-portal.js';

export interface GivenEndpoint {
  id: string;
  secret: string;
}

export const CREATE_ENDPOINT = `mutation ($input: CreateWebhookEndpointInput!) {
  createWebhookEndpoint(input: $input) { secret webhookEndpoint { id url description kinds isEnabled disabledReason } } }`;

/** Makes an endpoint. @param input further members of its input */
export async function makeEndpoint(
  api: TestPortal,
  { session }: GivenUser,
  input: { url?: string; [member: string]: unknown } = {},
): Promise<GivenEndpoint> {
  const url = `https://hooks.example.com/${randomUUID()}`;
  const answer = await api.query(CREATE_ENDPOINT, { session, variables: { input: { url, ...input } } });
  return {
    id: answer.at('createWebhookEndpoint.webhookEndpoint.id'),
    secret: answer.at('createWebhookEndpoint.secret'),
  };
}

export interface ShownDelivery {
  id: string;
  kind: string;
  apiKeyId: string | null;
  status: 'PENDING' | 'DELIVERED' | 'FAILED';
  attempts: number;
  nextAttemptAt: string | null;
  lastStatus: number | null;
  lastError: string | null;
  payload: { type: string; timestamp: string; data: Record<string, unknown> };
}

/** The newest deliveries of an endpoint, newest first. */
export async function deliveriesOf(api: TestPortal, { session }: GivenUser, id: string): Promise<ShownDelivery[]> {
  const answer: Answer = await api.query(
    `query ($id: ID!) { webhookEndpoint(id: $id) { deliveries(first: 100) { nodes {
      id kind apiKeyId status attempts nextAttemptAt lastStatus lastError payload } } } }`,
    { session, variables: { id } },
  );
  return answer.at('webhookEndpoint.deliveries.nodes');
}
