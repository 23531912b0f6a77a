import { checkInstant, LIMITS, Problems, readId, readText } from '#kernel';

export interface UpgradeRequest {
  deviceId: string;
  /** 1 to 200 characters. */
  targetVersion: string;
  scheduledAt: Date;
}

/** @throws {InvalidInput} all problems at once */
export function readUpgradeRequest(input: UpgradeRequest, now: Date): UpgradeRequest {
  const problems = new Problems();
  const deviceId = readId(input.deviceId, ['input', 'deviceId'], problems);
  const targetVersion = readText(input.targetVersion, { max: LIMITS.name }, ['input', 'targetVersion'], problems);
  const { scheduledAt } = input;
  if (!(scheduledAt > now)) problems.add(['input', 'scheduledAt'], 'NOT_IN_FUTURE', 'must lie in the future.');
  else checkInstant(scheduledAt, ['input', 'scheduledAt'], problems);
  problems.throwIfAny();
  return { deviceId, targetVersion, scheduledAt };
}
