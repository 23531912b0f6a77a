import { resolve } from 'node:path';
import Sequencer from '@jest/test-sequencer';
import { LONGEST } from './spec-order.ts';

/** The longest files mostly wait. After each of them come some that compute, which use the cores meanwhile. */
const BETWEEN = 4;

/** Starts the longest files first, with others between them, then everything else in the order that Jest knows. */
export default class LongestFirst extends Sequencer {
  async sort(tests) {
    const rankOf = ({ path, context }) => LONGEST.findIndex((file) => resolve(context.config.rootDir, file) === path);
    const known = await super.sort(tests);
    const longest = known.filter((test) => rankOf(test) !== -1).toSorted((one, other) => rankOf(one) - rankOf(other));
    const others = known.filter((test) => rankOf(test) === -1);
    return [...longest.flatMap((test) => [test, ...others.splice(0, BETWEEN)]), ...others];
  }
}
