import { Module } from '@nestjs/common';
import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { Public } from '#access';
import { TenantDatabase } from '#database';
import { sql } from 'kysely';
import { production } from '../support/production.js';
import type { TestPortal } from '../support/test-portal.js';
import { usePortal } from '../support/hooks.js';

const SECRET = 'no route to 10.0.0.1';

/** Public, so that each test says only what it is about. */
@Resolver()
@Public()
class FaultyResolver {
  constructor(private readonly database: TenantDatabase) {}

  @Query(() => String, { nullable: true })
  bug(): string {
    throw new AggregateError([new Error(SECRET)], SECRET);
  }

  @Query(() => String, { nullable: true })
  named(@Args('name') name: string): string {
    throw new Error(`no port for ${name}`);
  }

  @Query(() => String, { nullable: true })
  fine(): string {
    return 'fine';
  }

  @Query(() => String, { nullable: true })
  async badSql(@Args('statement') statement: string): Promise<string> {
    await this.database.read({ tenantId: null }, async (db) => {
      for (const one of statement.split(';')) await sql.raw(one).execute(db);
    });
    return 'done';
  }

  @Mutation(() => String, { nullable: true })
  done(): string {
    return 'done';
  }

  @Mutation(() => String, { nullable: true })
  failed(): string {
    throw new Error(SECRET);
  }
}
@Module({ providers: [FaultyResolver] })
class FaultyModule {}

describe('errors', () => {
  let api: TestPortal;
  usePortal((started) => (api = started), { imports: [FaultyModule] });

  it('a bug shows only the request id; its cause is in the log under this id', async () => {
    const answer = await api.query('{ bug }', { headers: { 'x-request-id': 'req-1' } });
    expect(answer.status).toBe(500);
    expect(answer.body).toEqual({
      errors: [
        {
          message: 'Internal server error.',
          locations: [{ line: 1, column: 3 }],
          path: ['bug'],
          extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'req-1' },
        },
      ],
    });
    expect(answer.headers.get('x-request-id')).toBe('req-1');
    expect(api.log.filter((line) => line.includes('req-1') && line.includes(SECRET))).toHaveLength(1);
  });

  it('a log line escapes what would reverse or command a terminal, and means the same', async () => {
    const name = 'a\u202eb\u009b31m\u2028c\u007f';
    await api.query('query ($name: String!) { named(name: $name) }', {
      variables: { name },
      headers: { 'x-request-id': 'req-2' },
    });
    const [line = ''] = api.log.filter((one) => one.includes('req-2') && one.includes('no port for'));
    expect(line).toContain(String.raw`a\u202eb\u009b31m\u2028c\u007f`);
    expect(line).not.toMatch(/[\u007f-\u009f\u2028\u202e]/);
    expect((JSON.parse(line) as { err: { message: string } }).err.message).toBe(`no port for ${name}`);
  });

  it('an error of an SQL statement shows no SQL', async () => {
    const answer = await api.query('query ($s: String!) { badSql(statement: $s) }', {
      variables: { s: 'select * from no_such_table' },
    });
    expect(answer.status).toBe(500);
    expect(answer.text).not.toMatch(/no_such_table|42P01|relation|at .*\.ts/);
  });

  it('a database that is too slow is answered 503 with a Retry-After', async () => {
    const answer = await api.query('query ($s: String!) { badSql(statement: $s) }', {
      variables: { s: `set local statement_timeout = 50; select pg_sleep(5)` },
    });
    expect([answer.status, answer.code]).toEqual([503, 'SERVICE_UNAVAILABLE']);
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(answer.body).not.toHaveProperty('data');
  });

  it('an error of one field leaves the values of other fields', async () => {
    const answer = await api.query('{ fine bug }');
    expect(answer.status).toBe(200);
    expect(answer.body.data).toEqual({ fine: 'fine', bug: null });
    expect(answer.errors).toHaveLength(1);
  });

  it('an error after a finished mutation leaves the answer of the mutation', async () => {
    const answer = await api.query('mutation { done failed }');
    expect(answer.status).toBe(200);
    expect(answer.body.data).toEqual({ done: 'done', failed: null });
  });

  it.each([
    ['syntax', '{', 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', '{ nope }', 'GRAPHQL_VALIDATION_FAILED'],
    ['a subscription', 'subscription { apiKeyEvents { id } }', 'OPERATION_RESOLUTION_FAILURE'],
    ['an operation that is not there', 'query A { fine } query B { fine }', 'OPERATION_RESOLUTION_FAILURE'],
    ['more than 2,000 tokens', `{ ${'fine '.repeat(2001)} }`, 'QUERY_TOO_COMPLEX'],
  ])('a document with %s is an error of the client, without data', async (_, query, code) => {
    const answer = await api.query(query);
    expect([answer.status, answer.code]).toEqual([400, code]);
    expect(answer.body).not.toHaveProperty('data');
  });

  it('an error of the document is reported before a missing credential', async () => {
    expect((await api.query('{ devices { nope } }')).code).toBe('GRAPHQL_VALIDATION_FAILED');
  });

  it.each(['{', '{ nope }'])(
    'an error of the document %j is 200 for a client of the older media type',
    async (query) => {
      expect((await api.query(query, { headers: { accept: 'application/json' } })).status).toBe(200);
    },
  );

  it('an error of the body has the same shape as other errors', async () => {
    const answer = await api.send('{bad');
    expect([answer.status, answer.code]).toEqual([400, 'BAD_REQUEST']);
  });

  it('an error for an unknown path has the same shape as other errors, without a stack', async () => {
    const response = await fetch(`${api.url}/nope`);
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({
      errors: [{ message: 'Not Found', extensions: { code: 'NOT_FOUND' } }],
    });
  });

  it('a request with a malformed request id gets another id', async () => {
    const answer = await api.query('{ fine }', { headers: { 'x-request-id': 'a b' } });
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });
});

describe('errors in production', () => {
  let api: TestPortal;
  usePortal((started) => (api = started), { environment: production() });

  it('in production no error suggests other names', async () => {
    const answer = await api.query('{ viewr { kind } }');
    expect(answer.code).toBe('GRAPHQL_VALIDATION_FAILED');
    expect(answer.text).not.toMatch(/did you mean/i);
  });

  it.each(['{ __schema { types { name } } }', '{ a: __type(name: "Query") { name } }'])(
    '%s is refused in production',
    async (query) => {
      expect((await api.query(query)).status).toBe(400);
    },
  );

  it('the development issuer signs no session in production', async () => {
    const session = await api.issuer.token('admin@demo.example', 60, new Date());
    expect((await api.query('{ viewer { kind } }', { session })).status).not.toBe(200);
  });
});
