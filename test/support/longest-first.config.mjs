import { resolve } from 'node:path';
import Sequencer from '@jest/test-sequencer';
import { GROUP_LOADER, LONGEST } from './spec-order.ts';

/** Starts the longest files first, then the groups, then everything else in the order that Jest knows. */
export default class LongestFirst extends Sequencer {
  async sort(tests) {
    const rankOf = ({ path, context }) => {
      const known = [...LONGEST, GROUP_LOADER].findIndex((file) => resolve(context.config.rootDir, file) === path);
      return known === -1 ? LONGEST.length + 1 : known;
    };
    return (await super.sort(tests)).toSorted((one, other) => rankOf(one) - rankOf(other));
  }
}
