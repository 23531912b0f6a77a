import { faultOf, verdictOn } from './delivery-attempts.rules.js';

const answered = (status: number) => ({ status, error: null });
const failed = { status: null, error: 'no connection' };

describe('attempts of a delivery', () => {
  it.each([200, 204, 299])('an answer of %s is a success', (status) => {
    expect(verdictOn(answered(status), 1, 0)).toEqual({ kind: 'DELIVERED' });
    expect(faultOf(answered(status))).toBeNull();
  });

  it.each([
    [answered(199), 'answered 199'],
    [answered(301), 'answered 301; redirects are not followed'],
    [answered(404), 'answered 404'],
    [answered(500), 'answered 500'],
    [failed, 'no connection'],
  ])('%j is tried again', (attempted, fault) => {
    expect(verdictOn(attempted, 1, 0)).toEqual({ kind: 'RETRY', seconds: 5 });
    expect(faultOf(attempted)).toBe(fault);
  });

  it('the tenth attempt is the last, and the endpoint is disabled then', () => {
    const verdicts = Array.from({ length: 10 }, (_, n) => verdictOn(failed, n + 1, 0));
    const delays = verdicts.map((verdict) => (verdict.kind === 'RETRY' ? verdict.seconds : verdict));
    const hours = (count: number) => count * 3_600;
    const last = { kind: 'FAILED', disables: 'FAILING' };
    expect(delays).toEqual([5, 300, 1_800, hours(2), hours(5), hours(10), hours(14), hours(20), hours(24), last]);
  });

  it('a delay is up to a tenth longer', () => expect(verdictOn(failed, 2, 1)).toEqual({ kind: 'RETRY', seconds: 330 }));

  it('an answer of 410 disables the endpoint at once', () => {
    expect(verdictOn(answered(410), 1, 0)).toEqual({ kind: 'FAILED', disables: 'GONE' });
  });
});
