import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { TestIssuer } from '../support/test-issuer.js';
import { TestPortal } from '../support/test-portal.js';

const OPERATIONS = resolve(import.meta.dirname, '../../docs/operations.md');
const WHO = `{ viewer { user { id } } }`;

describe('first session of a person', () => {
  let issuer: TestIssuer;
  let api: TestPortal;
  beforeAll(async () => {
    issuer = await TestIssuer.start();
    api = await TestPortal.start({ environment: issuer.environment });
  });
  afterAll(async () => {
    await api.stop();
    await issuer.stop();
  });

  const ask = (email: string, subject: string) =>
    api.query(WHO, { session: issuer.token(email, { claims: { sub: subject } }) });

  it('the first session of a person is matched by the verified e-mail without regard to case', async () => {
    const { id, email } = await api.given.user();
    expect((await ask(email.toUpperCase(), 'shouting')).at('viewer.user.id')).toBe(id);
  });

  it.each([
    ['a Kelvin sign, whose lower case is a k', 'mar\u212a@example.test', 'mark@example.test'],
    ['an Angstrom sign, whose lower case is an å', '\u212bsa@example.test', 'åsa@example.test'],
  ])('the first session of a person is not matched to a similar address: with %s', async (_, claimed, email) => {
    const { id } = await api.given.user({ role: 'TENANT_ADMIN' });
    await api.database.sql('update users set email = $2 where id = $1', [id, email]);
    const answer = await ask(claimed, `stranger ${claimed}`);
    expect([answer.status, answer.reason]).toEqual([401, 'INVALID_SESSION']);
    expect((await ask(email, `owner of ${email}`)).at('viewer.user.id')).toBe(id);
  });

  it('the first session binds no subject that the database would store as another text', async () => {
    const { id, email } = await api.given.user();
    const answer = await ask(email, 'half \ud800');
    expect([answer.status, answer.reason]).toEqual([401, 'INVALID_SESSION']);
    expect((await ask(email, 'half \ufffd')).at('viewer.user.id')).toBe(id);
  });

  it('first sessions with one subject that name two users at once end in one of the users', async () => {
    const users = [await api.given.user(), await api.given.user()];
    const ids = users.map(({ id }) => id);
    const { answers } = await api.database.holding(
      `select from users where id in ('${ids.join(`','`)}') for update`,
      async () => {
        const answers = Promise.all(users.map(({ email }) => ask(email, 'one of two')));
        await api.database.someoneWaits(2_000, 2);
        return { answers };
      },
    );
    const known = (await answers).map((answer) => answer.at<string>('viewer.user.id'));
    expect(ids).toContain(known[0]);
    expect(known[1]).toBe(known[0]);
  });

  it('the first session is matched again once an operator has unbound the subjects, as docs/operations.md describes', async () => {
    const { id, email } = await api.given.user();
    expect((await ask(email, 'of the old provider')).at('viewer.user.id')).toBe(id);
    expect((await ask(email, 'of the new provider')).reason).toBe('INVALID_SESSION');
    const page = await readFile(OPERATIONS, 'utf8');
    const [, statements = ''] = /^## Another identity provider$[^]*?```sql\n([^]*?)```/m.exec(page) ?? [];
    await api.database.sqlAs('portal_app', undefined, statements);
    expect((await ask(email, 'of the new provider')).at('viewer.user.id')).toBe(id);
    expect((await ask(email, 'of the old provider')).reason).toBe('INVALID_SESSION');
  });
});
