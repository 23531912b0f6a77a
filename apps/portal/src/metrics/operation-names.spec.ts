import { OperationNames } from './operation-names.js';

describe('the name of an operation as a label', () => {
  it('is its own where the caller is verified', () => {
    expect(new OperationNames().labelOf('Devices', true)).toBe('Devices');
  });

  it.each([
    ['there is none', undefined, 'unnamed'],
    ['it is empty', '', 'unnamed'],
    ['it is longer than 40 characters', 'N'.repeat(41), 'other'],
    ['it is an API key', `mktp_${'a'.repeat(49)}`, 'other'],
  ])('is none of its own where %s', (_, name, label) => expect(new OperationNames().labelOf(name, true)).toBe(label));

  it('is not taken from a caller without a good credential, and known all the same once another has used it', () => {
    const names = new OperationNames();
    expect(names.labelOf('Devices', false)).toBe('other');
    names.labelOf('Devices', true);
    expect(names.labelOf('Devices', false)).toBe('Devices');
  });

  it('is one of 100 at most, and the first ones stay', () => {
    const names = new OperationNames();
    const labels = Array.from({ length: 1_000 }, (_, index) => names.labelOf(`Operation${index}`, true));
    expect(new Set(labels).size).toBe(101);
    expect(names.labelOf('Operation0', true)).toBe('Operation0');
    expect(names.labelOf('Operation999', true)).toBe('other');
  });
});
