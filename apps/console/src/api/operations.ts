import { useCallback, useState } from 'react';
import {
  type AnyVariables,
  type Client,
  type OperationContext,
  type TypedDocumentNode,
  useClient,
  useQuery,
} from 'urql';
import type { TypedDocumentString } from '../generated/graphql.js';
import { type Failure, failureOf } from './failure.js';
import { withFreshAnswers } from './fresh-answers.js';

export type Document<Data, Variables> = TypedDocumentString<Data, Variables>;

/** urql takes documents as text, too, but types them as parsed ones. */
export function documentOf<Data, Variables>(document: Document<Data, Variables>) {
  return document.toString() as unknown as TypedDocumentNode<Data, Variables & AnyVariables>;
}

export interface Answer<Data> {
  data: Data | undefined;
  failure: Failure | undefined;
  isLoading: boolean;
  reload: () => void;
}

/** Answers stand for keys, even those that found none. */
const OF_KEYS = { additionalTypenames: ['ApiKey'] };

/** Asks, keeps what was answered, and asks again after a mutation of what the answer holds. */
export function useAnswer<Data, Variables>(
  document: Document<Data, Variables>,
  variables: Variables,
  { isPaused = false }: { isPaused?: boolean } = {},
): Answer<Data> {
  const [{ data, error, fetching, stale }, ask] = useQuery({
    query: documentOf(document),
    variables: variables as Variables & AnyVariables,
    context: OF_KEYS as Partial<OperationContext> as OperationContext,
    pause: isPaused,
  });
  const reload = useCallback(() => ask({ requestPolicy: 'network-only' }), [ask]);
  return { data, failure: error && failureOf(error), isLoading: fetching || stale, reload };
}

/** Makes the open pages ask again, as after a mutation of keys. Nothing is sent for the mutation itself. */
export async function askAgain(client: Client): Promise<void> {
  await client.mutation('mutation { __typename }', {}, { ...OF_KEYS, fetch: answerNothing });
}

/** Counts as a mutation, so that a query that is under way is sent again. */
const answerNothing = withFreshAnswers(async () => Response.json({ data: { __typename: 'Mutation' } }));

export type Outcome<Data> = { data: Data; failure?: undefined } | { data?: undefined; failure: Failure };

export interface Act<Data, Variables> {
  /** Resolves with what was answered: the hook itself keeps no answer, which may hold a secret. */
  run: (variables: Variables) => Promise<Outcome<Data>>;
  isRunning: boolean;
  failure: Failure | undefined;
  forget: () => void;
}

/** Changes something, when the returned function is called. */
export function useAct<Data, Variables>(document: Document<Data, Variables>): Act<Data, Variables> {
  const client = useClient();
  const [isRunning, setRunning] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const run = useCallback(
    async (variables: Variables): Promise<Outcome<Data>> => {
      setRunning(true);
      setFailure(undefined);
      const { data, error } = await client.mutation(documentOf(document), variables as Variables & AnyVariables);
      setRunning(false);
      if (!error && data) return { data };
      const failure = error ? failureOf(error) : NO_ANSWER;
      setFailure(failure);
      return { failure };
    },
    [client, document],
  );
  const forget = useCallback(() => setFailure(undefined), []);
  return { run, isRunning, failure, forget };
}

/** Asks once, outside of any page's life. */
export function useAsk(): <Data, Variables>(
  document: Document<Data, Variables>,
  variables: Variables,
) => Promise<Outcome<Data>> {
  const client = useClient();
  return useCallback(
    async (document, variables) => {
      const query = documentOf(document);
      const { data, error } = await client.query(query, variables as never, { requestPolicy: 'network-only' });
      if (!error && data) return { data };
      return { failure: error ? failureOf(error) : NO_ANSWER };
    },
    [client],
  );
}

const NO_ANSWER: Failure = {
  kind: 'other',
  message: 'The portal gave no answer.',
  reason: undefined,
  problems: [],
  currentVersion: undefined,
  requestId: undefined,
};
