import { ConnectionAttempts } from './connection-attempts.js';

const failure = new Error('connect ECONNREFUSED');

describe('attempts to connect', () => {
  let attempts: ConnectionAttempts;
  beforeEach(() => (attempts = new ConnectionAttempts()));
  const fail = (now: number) => {
    expect(attempts.begin(now)).toBeUndefined();
    attempts.end(failure, now);
  };

  it('after one failure, nobody is held back', () => {
    fail(0);
    expect(attempts.begin(0)).toBeUndefined();
  });

  it('after two failures in a row, everybody is refused for 400 ms, with the failure as the cause', () => {
    fail(0);
    fail(10);
    expect(attempts.begin(409)).toMatchObject({ cause: failure });
    expect(attempts.begin(410)).toBeUndefined();
  });

  it('after two failures in a row, one client tries at a time', () => {
    fail(0);
    fail(0);
    expect(attempts.begin(400)).toBeUndefined();
    expect(attempts.begin(1_000)).toBeInstanceOf(Error);
    attempts.end(failure, 1_000);
    expect(attempts.begin(1_399)).toBeInstanceOf(Error);
    expect(attempts.begin(1_400)).toBeUndefined();
  });

  it('no attempt is refused once the server was reached, and earlier failures count no more', () => {
    fail(0);
    fail(0);
    expect(attempts.begin(400)).toBeUndefined();
    attempts.end(null, 410);
    expect(attempts.begin(411)).toBeUndefined();
    fail(412);
    expect(attempts.begin(413)).toBeUndefined();
  });
});
