import { resolve } from 'node:path';
import Sequencer from '@jest/test-sequencer';
import { LONGEST } from './spec-order.ts';

/** Starts the longest files first, then everything else in the order that Jest knows. */
export default class LongestFirst extends Sequencer {
  async sort(tests) {
    const rankOf = ({ path, context }) => {
      const known = LONGEST.findIndex((file) => resolve(context.config.rootDir, file) === path);
      return known === -1 ? LONGEST.length : known;
    };
    return (await super.sort(tests)).toSorted((one, other) => rankOf(one) - rankOf(other));
  }
}
