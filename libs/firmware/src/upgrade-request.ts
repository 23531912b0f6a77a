import { LIMITS, Problems, readId, readText } from '#kernel';

export interface UpgradeRequest {
  deviceId: string;
  /** 1 to 200 characters. */
  targetVersion: string;
  scheduledAt: Date;
}

/** The last year that four digits can write: what lies beyond is kept by the database and read back by no client. */
const LAST_YEAR = 9999;

/** @throws {InvalidInput} all problems at once */
export function readUpgradeRequest(input: UpgradeRequest, now: Date): UpgradeRequest {
  const problems = new Problems();
  const deviceId = readId(input.deviceId, ['input', 'deviceId'], problems);
  const targetVersion = readText(input.targetVersion, { max: LIMITS.name }, ['input', 'targetVersion'], problems);
  const { scheduledAt } = input;
  if (!(scheduledAt > now)) problems.add(['input', 'scheduledAt'], 'NOT_IN_FUTURE', 'must lie in the future.');
  else if (scheduledAt.getUTCFullYear() > LAST_YEAR)
    problems.add(['input', 'scheduledAt'], 'OUT_OF_RANGE', `may be at most in the year ${LAST_YEAR}.`);
  problems.throwIfAny();
  return { deviceId, targetVersion, scheduledAt };
}
