import { array, assert, asyncProperty, nat } from 'fast-check';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { type ExecutionResult, getOperationAST, type GraphQLSchema, parse, validate } from 'graphql';
import { type Principal, rememberPrincipal } from '#access';
import { RequestAuthenticator } from '#api-keys';
import type { HttpRequest } from '#http';
import { KeptDocuments } from '#graphql';
import { LIMITS } from '#kernel';
import { CompiledOperations } from '../../apps/portal/src/graphql/compiled-operations.js';
import { generateDocument } from '../support/document-generator.js';
import { GivenResources } from '../support/given-resources.js';
import type { TestPortal } from '../support/test-portal.js';
import { usePortal } from '../support/hooks.js';

const SEED = Number(process.env['PROPERTY_SEED'] ?? Date.now() % 2 ** 31);
const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 60);

const choices = array(nat(1_000), { minLength: 10, maxLength: 120 });
/** As `generateDocument` chooses, but for operations that are compiled. */
const QUERY = 1;

describe(`compiled operations (PROPERTY_SEED=${SEED})`, () => {
  let api: TestPortal;
  let schema: GraphQLSchema;
  let principal: Principal | null;
  usePortal(async (started) => {
    api = started;
    schema = api.app.get(GraphQLSchemaHost, { strict: false }).schema;
    const { tenant, admin } = await api.given.apiKey();
    const resources = new GivenResources(api);
    for (let index = 0; index < 3; index++) {
      const device = await api.given.device({ tenant });
      await resources.alert({ tenant, device });
      await resources.configBackup({ tenant, device });
      await resources.firmwareUpgrade({ tenant, device });
    }
    const raw = { rawHeaders: ['Authorization', `Bearer ${admin.session}`], url: '/graphql' };
    const authenticator = api.app.get(RequestAuthenticator, { strict: false });
    principal = await authenticator.authenticate({ raw, ip: '192.0.2.1' } as HttpRequest);
  });

  function execution(text: string, variables: Record<string, unknown>) {
    const document = parse(text);
    const operation = getOperationAST(document) ?? undefined;
    return { schema, document, operation, operationName: null, variables };
  }

  function contextValue() {
    const req = { headers: {}, id: 'request', ip: '192.0.2.1' };
    rememberPrincipal(req, principal);
    return { req };
  }

  /** What graphql-js answers, and what the compiled operation does. */
  async function bothAnswers(text: string, variables: Record<string, unknown> = {}) {
    expect(validate(schema, parse(text))).toEqual([]);
    const asked = execution(text, variables);
    const operations = new CompiledOperations(0, Infinity);
    const interpreted = await operations.execute({ ...asked, contextValue: contextValue() }, false);
    const compiled = await operations.execute({ ...asked, contextValue: contextValue() }, true);
    expect(operations.compiledCount).toBe(1);
    return { interpreted: toldBy(interpreted), compiled: toldBy(compiled), hasErrors: Boolean(interpreted.errors) };
  }

  it.each([
    ['a total, counted when it is read', '{ devices { totalCount } apiKeys { totalCount } users { totalCount } }'],
    ['a text, read when it is asked for', '{ devices { nodes { configBackups { nodes { content } } } } }'],
    ['an object, read when it is asked for', '{ apiKeyEvents { nodes { kind actor { name } } } }'],
    [
      'cursors, made when they are read',
      '{ devices(first: 2) { edges { cursor } pageInfo { endCursor hasNextPage } } }',
    ],
    ['a list of lists', '{ devices { nodes { alerts { nodes { message device { hostname } } } } } }'],
    [
      'an alias, twice, and a fragment',
      '{ a: viewer { ...V } b: viewer { ...V } } fragment V on Viewer { __typename }',
    ],
    ['an error of a resolver', '{ device(id: "x") { id } viewer { __typename } }'],
    ['an error that leaves no data', '{ devices(first: 0) { nodes { id } } }'],
    [
      'variables',
      'query ($first: Int, $after: String) { devices(first: $first, after: $after) { nodes { id } } }',
      { first: 2 },
    ],
    ['a variable that does not fit', 'query ($first: Int) { devices(first: $first) { nodes { id } } }', { first: 'x' }],
  ])('a compiled query answers as graphql-js does: %s', async (_, text, variables: Record<string, unknown> = {}) => {
    const { interpreted, compiled } = await bothAnswers(text, variables);
    expect(compiled).toEqual(interpreted);
  });

  it.each([
    ['a query that a principal sends for the 33rd time', '{ viewer { __typename } }', true, 1],
    ['no query that is sent without a credential', '{ viewer { __typename } }', false, 0],
    ['no mutation', 'mutation { revokeCurrentApiKey { __typename } }', true, 0],
    ['no condition', '{ viewer { __typename @include(if: true) } }', true, 0],
    ['no default', 'query ($n: Int = 2) { devices(first: $n) { totalCount } }', true, 0],
    ['no variable in an object', 'query ($s: String) { devices(filter: { search: $s }) { totalCount } }', true, 0],
    [
      'no variable named like what objects have',
      'query ($toString: Int) { devices(first: $toString) { totalCount } }',
      true,
      0,
    ],
    ['no name that an object cannot have', '{ viewer { __proto__: __typename } }', true, 0],
  ])('the application compiles %s', async (_, text, mayCompile, count) => {
    const operations = new CompiledOperations();
    const asked = execution(text, {});
    const run = () => operations.execute({ ...asked, contextValue: contextValue() }, mayCompile);
    for (let times = 0; times < 32; times++) await run();
    expect(operations.compiledCount).toBe(0);
    await run();
    expect(operations.compiledCount).toBe(count);
  });

  it('a query is compiled from its kept document, which has no tokens', async () => {
    const operations = new CompiledOperations(0);
    const asked = execution('{ viewer { kind } }', {});
    await new KeptDocuments().set('key', asked.document);
    await operations.execute({ ...asked, contextValue: contextValue() }, true);
    expect(operations.compiledCount).toBe(1);
  });

  it('a query whose code would be too large is left to graphql-js', async () => {
    const { fields } = LIMITS.compiled;
    const countOf = async (text: string) => {
      const operations = new CompiledOperations(0);
      await operations.execute({ ...execution(text, {}), contextValue: contextValue() }, true);
      return operations.compiledCount;
    };
    expect(await countOf(`{ viewer { ${'kind '.repeat(fields - 1)} } }`)).toBe(1);
    expect(await countOf(`{ viewer { ${'kind '.repeat(fields)} } }`)).toBe(0);
    expect(await countOf(`{ viewer { ...F ...F } } fragment F on Viewer { ${'kind '.repeat(fields / 2)} }`)).toBe(0);
  });

  it('the application keeps as many compiled queries as have room', async () => {
    const operations = new CompiledOperations(0);
    for (let n = 0; n < 40; n++) {
      const text = `query Q${n} { viewer { ${'kind '.repeat(90)} } }`;
      await operations.execute({ ...execution(text, {}), contextValue: contextValue() }, true);
    }
    expect(operations.bytes).toBeLessThanOrEqual(LIMITS.compiled.bytes);
    expect(operations.compiledCount).toBeGreaterThan(5);
    expect(operations.compiledCount).toBeLessThan(40);
  });

  it('a compiled query answers as graphql-js does, for any generated query', async () => {
    const tally = { withErrors: 0, withoutErrors: 0 };
    await assert(
      asyncProperty(choices, async (chosen) => {
        const { text, allTaken } = generateDocument(schema, [QUERY, ...chosen], { maxConditions: 0 });
        const { interpreted, compiled, hasErrors } = await bothAnswers(text, allTaken);
        expect(compiled).toEqual(interpreted);
        tally[hasErrors ? 'withErrors' : 'withoutErrors']++;
      }),
      { seed: SEED, numRuns: RUNS },
    );
    // About one in six has errors.
    expect(tally.withErrors).toBeGreaterThanOrEqual(RUNS / 60);
    expect(tally.withoutErrors).toBeGreaterThanOrEqual(RUNS / 60);
  });
});

function toldBy({ data, errors = [] }: ExecutionResult): unknown {
  const shown = errors.map((error) => `${String(error.originalError ?? error.message)} ${JSON.stringify(error)}`);
  return { data: JSON.parse(JSON.stringify(data ?? null)) as unknown, errors: shown.sort() };
}
