import { OperationNames } from './operation-names.js';

describe('operation labels', () => {
  it("a metric's operation label is the operation's own name where the caller is verified", () => {
    expect(new OperationNames().labelOf('Devices', true)).toBe('Devices');
  });

  it.each([
    ['there is none', undefined, 'unnamed'],
    ['it is empty', '', 'unnamed'],
    ['it is longer than 40 characters', 'N'.repeat(41), 'other'],
    ['it is an API key', `mktp_${'a'.repeat(49)}`, 'other'],
  ])("a metric's operation label is generic where %s", (_, name, label) =>
    expect(new OperationNames().labelOf(name, true)).toBe(label),
  );

  it('an operation name from a caller without a good credential is no label until a verified caller has used the name', () => {
    const names = new OperationNames();
    expect(names.labelOf('Devices', false)).toBe('other');
    names.labelOf('Devices', true);
    expect(names.labelOf('Devices', false)).toBe('Devices');
  });

  it('metrics have at most 100 operation labels, and the first ones stay', () => {
    const names = new OperationNames();
    const labels = Array.from({ length: 1_000 }, (_, index) => names.labelOf(`Operation${index}`, true));
    expect(new Set(labels).size).toBe(101);
    expect(names.labelOf('Operation0', true)).toBe('Operation0');
    expect(names.labelOf('Operation999', true)).toBe('other');
  });
});
