import { Input, InvalidInput } from '#kernel';
import { readUsageRange, type UsageBucket } from './usage-buckets.rules.js';

const NOW = new Date('2030-06-15T12:34:56.789Z');
const range = (from: string, to: string, bucket: UsageBucket) =>
  readUsageRange(new Input({ from: new Date(from), to: new Date(to), bucket }), NOW);

describe('range of usage', () => {
  it.each([
    ['one instant', 'HOUR', '2030-06-15T10:59:59.999Z', '2030-06-15T11:00:00.000Z', ['10']],
    ['both sides of an hour', 'HOUR', '2030-06-15T10:59:59.999Z', '2030-06-15T11:00:00.001Z', ['10', '11']],
    ['whole hours', 'HOUR', '2030-06-15T10:00:00.000Z', '2030-06-15T12:00:00.000Z', ['10', '11']],
    ['an offset', 'HOUR', '2030-06-15T12:30:00.000+05:30', '2030-06-15T13:30:00.000+05:30', ['07']],
  ] as const)('a range of %s is read as whole buckets: %s %s to %s', (_, bucket, from, to, hours) => {
    const { starts, end } = range(from, to, bucket);
    expect(starts.map((start) => start.toISOString())).toEqual(hours.map((hour) => `2030-06-15T${hour}:00:00.000Z`));
    expect(end.getTime()).toBe(Number(starts.at(-1)?.getTime()) + 3_600_000);
  });

  it('a range of days consists of days in UTC', () => {
    const { starts, end } = range('2030-06-13T23:59:00Z', '2030-06-15T00:00:00Z', 'DAY');
    expect([...starts, end].map((day) => day.toISOString())).toEqual([
      '2030-06-13T00:00:00.000Z',
      '2030-06-14T00:00:00.000Z',
      '2030-06-15T00:00:00.000Z',
    ]);
  });

  it.each([
    ['40 days of hours up to now', 'HOUR', '2030-05-06T12:34:56.789Z', '2030-06-15T12:34:56.789Z', 961],
    ['hours of the first day that is kept', 'HOUR', '2030-05-06T00:00:00Z', '2030-05-06T01:00:00Z', 1],
    ['two years of days up to now', 'DAY', '2028-06-15T12:34:56.789Z', '2030-06-15T12:34:56.789Z', 731],
    ['what is to come', 'DAY', '2030-06-15T00:00:00Z', '2031-06-15T00:00:00Z', 365],
  ] as const)('a range of usage may be %s', (_, bucket, from, to, buckets) => {
    expect(range(from, to, bucket).starts).toHaveLength(buckets);
  });

  it.each([
    ['empty', 'DAY', '2030-06-15T00:00:00Z', '2030-06-15T00:00:00Z', 'to'],
    ['the wrong way round', 'DAY', '2030-06-15T00:00:00Z', '2030-06-14T00:00:00Z', 'to'],
    ['more than 40 days of hours', 'HOUR', '2030-06-15T00:00:00Z', '2030-07-25T00:00:00.001Z', 'from'],
    ['more than two years of days', 'DAY', '2030-06-15T00:00:00Z', '2032-06-16T00:00:00.001Z', 'from'],
    ['hours that are days by now', 'HOUR', '2030-05-05T23:59:59.999Z', '2030-05-06T01:00:00Z', 'from'],
    ['days that are gone', 'DAY', '2028-06-14T23:59:59.999Z', '2028-06-16T00:00:00Z', 'from'],
    ['beyond the year 9999', 'HOUR', '9999-12-31T23:00:00Z', '9999-12-31T23:30:00-01:00', 'to'],
  ] as const)('a range of usage may not be %s', (_, bucket, from, to, argument) => {
    const read = () => range(from, to, bucket);
    expect(read).toThrow(InvalidInput);
    expect(read).toThrow(
      expect.objectContaining({ problems: [expect.objectContaining({ path: [argument], code: 'OUT_OF_RANGE' })] }),
    );
  });
});
