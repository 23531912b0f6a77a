import { type Input, LIMITS } from '#kernel';

export interface UpgradeRequest {
  deviceId: string;
  /** 1 to 200 characters. */
  targetVersion: string;
  scheduledAt: Date;
}

/** The checks that need no database. */
export function readUpgradeRequest(input: Input<UpgradeRequest>): UpgradeRequest {
  const deviceId = input.at('deviceId').id();
  const targetVersion = input.at('targetVersion').text({ max: LIMITS.name });
  return { deviceId, targetVersion, scheduledAt: input.value.scheduledAt };
}

/** Refuses an instant that does not lie in the future. @param now the time by the database's clock */
export function checkSchedule(scheduledAt: Input<Date>, now: Date): void {
  if (!(scheduledAt.value > now)) scheduledAt.refuse('NOT_IN_FUTURE', 'must lie in the future.');
  else scheduledAt.instant();
}
