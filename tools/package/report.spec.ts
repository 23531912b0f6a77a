import { reportOf } from './report.mjs';

const FILES: Record<string, string> = {
  index: `export { Bell } from '#doors'; export type { Sound } from '#doors';`,
  access: `export { Bell } from '#doors';`,
  'rooms/doors/index': `export { Bell } from './bell.js'; export type { Sound } from './sounds/sound.js'; export { Hinge } from './hinge.js';`,
  'rooms/doors/bell': `
    import type { Listener } from '#rooms';
    import type { Sound } from './sounds/sound.js';
    import { Wire } from './wire.js';
    /** Rings. */
    export declare class Bell {
      private readonly wire;
      constructor(wire: Wire);
      ring(sound: Sound): import("../rooms/answer.js").Answer;
      onRing(listener: Listener): void;
    }`,
  'rooms/doors/wire': 'export declare class Wire {}',
  'rooms/doors/hinge': 'export declare class Hinge {}',
  'rooms/doors/sounds/sound': `export type Sound = 'ding' | 'dong';`,
  'rooms/rooms/index': `export type { Listener } from './listener.js';`,
  'rooms/rooms/listener': 'export interface Listener { hear(): void; }',
  'rooms/rooms/answer': 'export interface Answer { opened: boolean; }',
};

const reportWith = (files: Record<string, string> = {}) =>
  reportOf(new Map(Object.entries({ ...FILES, ...files }).map(([place, declaration]) => [place, { declaration }])), [
    'access',
    'index',
  ]);

describe('the report of the public declarations', () => {
  it('the report lists the names of each door', () => {
    expect(reportWith()).toContain(
      '## `@latchkey/nestjs/access`\n\n`Bell`\n\n## `@latchkey/nestjs`\n\n`Bell`, `Sound`\n',
    );
  });

  it('a declaration that a signature names is in the report, from any room; another export of a room is not', () => {
    const report = reportWith();
    for (const name of ['type Sound', 'interface Listener', 'interface Answer']) expect(report).toContain(name);
    expect(report).not.toContain('Hinge');
  });

  it('comments, private members and the constructor that takes them are left out, with the types that only they name', () => {
    const report = reportWith();
    expect(report).toContain('export declare class Bell {\n    ring(');
    expect(report).not.toMatch(/Rings|wire|Wire|constructor\(/);
  });

  it.each([
    ['a member', 'rooms/rooms/answer', 'export interface Answer { opened: boolean; by: string; }'],
    ['a union', 'rooms/doors/sounds/sound', `export type Sound = 'ding';`],
  ])('the report changes with %s of a type that a signature names', (_, place, declaration) => {
    expect(reportWith({ [place]: declaration })).not.toBe(reportWith());
  });

  it('the report stays the same where only private code changes', () => {
    expect(reportWith({ 'rooms/doors/wire': 'export declare class Wire { length: number; }' })).toBe(reportWith());
  });
});
