import { TurnBudget } from './turn-budget.js';

const MOST_MS = 10;

describe('the budget of one turn of the event loop', () => {
  const setUp = (workMs: number) => {
    let now = 0;
    let turn = 0;
    const budget = new TurnBudget(
      MOST_MS,
      () => now,
      () => turn,
    );
    const begun: [work: string, turn: number][] = [];
    const ask = (name: string) =>
      budget.spend(() => {
        begun.push([name, turn]);
        now += workMs;
        return name;
      });
    const endTurn = async () => {
      // Pieces of work that wait look again at the end of a turn.
      await new Promise((resolve) => setImmediate(resolve));
      turn++;
      await new Promise((resolve) => setImmediate(resolve));
    };
    return { budget, ask, begun, endTurn };
  };

  it('a spent budget lets further pieces of work begin in later turns only, in their order', async () => {
    const { ask, begun, endTurn } = setUp(6);
    const asked = ['a', 'b', 'c', 'd', 'e'].map(ask);
    expect(asked.slice(0, 3)).toEqual(['a', 'b', expect.any(Promise)]);
    await endTurn();
    // A piece that comes later does not go before the ones that wait.
    asked.push(ask('f'));
    await endTurn();
    await endTurn();
    expect(await Promise.all(asked)).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(begun).toEqual([
      ['a', 0],
      ['b', 0],
      ['c', 1],
      ['d', 1],
      ['e', 2],
      ['f', 2],
    ]);
  });

  it('a later turn has the whole budget again', async () => {
    const { ask, endTurn } = setUp(11);
    expect(ask('a')).toBe('a');
    await endTurn();
    expect(ask('b')).toBe('b');
    expect(ask('c')).toBeInstanceOf(Promise);
    await endTurn();
  });

  it('an error of a piece of work that waited is passed on', async () => {
    const { budget, ask, endTurn } = setUp(11);
    ask('a');
    const failed = budget.spend(() => {
      throw new Error('Refused.');
    });
    await Promise.all([expect(failed).rejects.toThrow('Refused.'), endTurn()]);
  });
});
