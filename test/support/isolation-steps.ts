import type { Answer } from './answer.js';
import type { TenantModel, World } from './tenant-model.js';
import type { TestPortal } from './test-portal.js';

/** One request of `by`, which mixes in what belongs to `other`: the same tenant in half of the cases. */
export interface Step {
  api: TestPortal;
  world: World;
  by: TenantModel;
  other: TenantModel;
}
export type Operation = (step: Step) => Promise<Answer | undefined>;

export const bySession = ({ api, by }: Step, document: string, variables: Record<string, unknown>) =>
  api.query(document, { session: by.admin.session, variables });
export const isDone = (answer: Answer, field: string) => answer.errors.length === 0 && answer.data[field] !== null;
/** May the operation have happened although the answer does not say so? */
export const isLost = (answer: Answer) => answer.status >= 500 || answer.code === 'SERVICE_UNAVAILABLE';

/** A foreign thing must look as if it were not there. An outage, made on purpose, may hide either. */
export function expectNothing(answer: Answer, field: string, { by, other }: Step): void {
  if (by === other || isLost(answer) || answer.status === 401) return;
  if (answer.errors.length > 0) expect(answer.code).toBe('NOT_FOUND');
  else expect(answer.data[field]).toBeNull();
}
