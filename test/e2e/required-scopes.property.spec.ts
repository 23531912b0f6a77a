import { array, assert, asyncProperty, boolean, infiniteStream, nat } from 'fast-check';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { type GraphQLSchema, Kind, parse, validate } from 'graphql';
import { type ApiKeyPrincipal, ScopeSet } from '#access';
import { OperationGate } from '#access/graphql';
import { declaredScopes } from '../support/declared-scopes.js';
import { type GeneratedDocument, generateDocument } from '../support/document-generator.js';
import type { TestPortal } from '../support/test-portal.js';
import { usePortal } from '../support/hooks.js';

const SEED = Number(process.env['PROPERTY_SEED'] ?? Date.now() % 2 ** 31);
const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 60);
const ASK = `query ($document: String!) { requiredScopes(document: $document) { scopes availableToApiKeys } }`;

const choices = array(nat(1_000), { minLength: 10, maxLength: 120 });

describe(`required scopes of generated operations (PROPERTY_SEED=${SEED})`, () => {
  let api: TestPortal;
  let key: string;
  let schema: GraphQLSchema;
  let gate: OperationGate;
  usePortal(async (started) => {
    api = started;
    key = (await api.given.apiKey()).secret;
    schema = api.app.get(GraphQLSchemaHost, { strict: false }).schema;
    gate = api.app.get(OperationGate, { strict: false });
  });

  const principal = (scopes: readonly string[]): ApiKeyPrincipal => ({
    kind: 'API_KEY',
    apiKeyId: 'key',
    secretNumber: 1,
    rateLimit: null,
    tenantId: 'tenant',
    userId: 'owner',
    role: 'TENANT_ADMIN',
    scopes: new ScopeSet(scopes),
  });

  /** Reason and missing scopes of each refusal, less those that no scope would lift. */
  function missing(text: string, variables: Record<string, boolean>, scopes: readonly string[]): Set<string> {
    const document = parse(text);
    const operation = document.definitions.find((definition) => definition.kind === Kind.OPERATION_DEFINITION);
    if (!operation) throw new Error('The document has no operation.');
    const refusals = gate.refusals(schema, document, operation, variables, principal(scopes));
    return new Set(
      refusals.flatMap(({ error }) => {
        const { reason, requiredScopes } = error.details() as { reason: string; requiredScopes?: string[] };
        if (reason === 'SESSION_REQUIRED') return ['(a session)'];
        return requiredScopes?.filter((scope) => !scopes.includes(scope)) ?? [reason];
      }),
    );
  }

  const needsOf = async (document: string) => {
    const answer = await api.query(ASK, { key, variables: { document } });
    return answer.at<{ scopes: string[]; availableToApiKeys: boolean }>('requiredScopes');
  };

  it('a key needs exactly the scopes that requiredScopes reports, for any generated operation', async () => {
    const tally = { withScopes: 0, sessionOnly: 0, conditional: 0 };
    await assert(
      asyncProperty(choices, infiniteStream(boolean()), async (chosen, values) => {
        const { text, allTaken }: GeneratedDocument = generateDocument(schema, chosen);
        expect(validate(schema, parse(text))).toEqual([]);
        const { scopes, availableToApiKeys } = await needsOf(text);
        expect(scopes).toEqual([...declaredScopes(parse(text))].sort());
        const onlyFor = availableToApiKeys ? [] : ['(a session)'];
        expect([...missing(text, allTaken, scopes)]).toEqual(onlyFor);
        for (const taken of scopes) {
          const fewer = scopes.filter((scope) => scope !== taken);
          expect(missing(text, allTaken, fewer)).toEqual(new Set([...onlyFor, taken]));
        }
        const some = Object.fromEntries(Object.keys(allTaken).map((name) => [name, values.next().value === true]));
        expect([...missing(text, some, scopes)].filter((name) => !onlyFor.includes(name))).toEqual([]);
        if (scopes.length > 0) tally.withScopes++;
        if (!availableToApiKeys) tally.sessionOnly++;
        if (Object.keys(allTaken).length > 0) tally.conditional++;
      }),
      { seed: SEED, numRuns: RUNS },
    );
    // A generator that no longer reaches what is guarded would prove nothing.
    for (const count of Object.values(tally)) expect(count).toBeGreaterThan(RUNS / 10);
  });
});
