import { TransactionRetries } from './transaction-retries.js';

const failureOf = (code: string) => Object.assign(new Error(code), { code });

describe('retries of transactions', () => {
  /** The number of runs and the outcome of a transaction that fails `times` times. */
  const outcomeOf = async (code: string, times: number) => {
    const retries = new TransactionRetries();
    let runs = 0;
    const outcome = await retries
      .run(async () => {
        if (++runs <= times) throw failureOf(code);
        return 'done';
      })
      .catch((error: Error) => error.message);
    return { runs, outcome, counted: retries.count };
  };

  it.each([
    ['40001', 1, { runs: 2, outcome: 'done', counted: 1 }],
    ['40P01', 3, { runs: 4, outcome: 'done', counted: 3 }],
    ['40001', 4, { runs: 4, outcome: '40001', counted: 3 }],
    ['40P01', 99, { runs: 4, outcome: '40P01', counted: 3 }],
    ['23505', 1, { runs: 1, outcome: '23505', counted: 0 }],
    ['08006', 1, { runs: 1, outcome: '08006', counted: 0 }],
    ['57014', 1, { runs: 1, outcome: '57014', counted: 0 }],
  ])('a transaction that fails with %s, %d times, ends with %j', async (code, times, expected) =>
    expect(await outcomeOf(code, times)).toEqual(expected),
  );
});
