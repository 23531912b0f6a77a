import { type Check, healthOf } from './health.rules.js';

const up: Check = { status: 'up' };
const degraded: Check = { status: 'degraded', message: 'connecting' };
const down: Check = { status: 'down', message: 'does not answer' };

describe('health of an instance', () => {
  it.each([
    [{ database: up, changes: up }, 'ok', ['database', 'changes'], []],
    [{ database: up, changes: degraded }, 'degraded', ['database', 'changes'], []],
    [{ database: down, changes: up }, 'error', ['changes'], ['database']],
    [{ database: down, changes: degraded }, 'error', ['changes'], ['database']],
  ])('an instance with the checks %j is %s', (checks, status, info, error) => {
    const health = healthOf(checks);
    expect(health.status).toBe(status);
    expect([Object.keys(health.info), Object.keys(health.error)]).toEqual([info, error]);
    expect(health.details).toEqual(checks);
  });
});
