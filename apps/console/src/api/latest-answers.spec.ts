import { withLatestAnswers } from './latest-answers.js';

describe('answers of the console', () => {
  it('an answer that comes after a later one of the same request shows what the later one shows', async () => {
    const open: ((response: Response) => void)[] = [];
    const send = withLatestAnswers(() => new Promise((resolve) => open.push(resolve)));
    const ask = async (body: string) => (await send('/graphql', { method: 'POST', body })).text();
    const [first, second, other] = [ask('a'), ask('a'), ask('b')];
    open[1]?.(new Response('new'));
    expect(await second).toBe('new');
    open[0]?.(new Response('old'));
    open[2]?.(new Response('other'));
    expect([await first, await other]).toEqual(['new', 'other']);
    const mutation = '{"query":"mutation { revokeCurrentApiKey { id } }"}';
    const [early, late] = [ask(mutation), ask(mutation)];
    open[4]?.(new Response('second'));
    expect(await late).toBe('second');
    open[3]?.(new Response('first'));
    expect(await early).toBe('first');
    const third = ask('a');
    open[5]?.(new Response('newest'));
    expect(await third).toBe('newest');
  });
});
