import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useClient } from 'urql';
import { session } from '../session/session.js';
import { createPlainClient } from './client.js';
import { type Failure, failureOf } from './failure.js';
import { askAgain, type Document, documentOf } from './operations.js';

/** The progress of many mutations, which are sent one after the other. */
export interface Parts<Variables> {
  /** Variables of the mutations that were not sent yet. Undefined before the start. */
  left: readonly Variables[] | undefined;
  /** Mutations that the portal refused because of their own object, in this run and in earlier ones. */
  refused: readonly { variables: Variables; failure: Failure }[];
  /** Why the run ended early: the next mutations would have failed alike. */
  failure: Failure | undefined;
  isRunning: boolean;
  /** Resolves with whether all mutations were sent and none was refused. */
  run: (variables: readonly Variables[]) => Promise<boolean>;
  stop: () => void;
}

/** Failures that concern one object. Other failures concern the portal or the connection to it. */
const OWN_REASONS = new Set<Failure['kind']>(['input', 'conflict', 'not-found']);

/** Sends a mutation for each of many objects. The pages ask again once, when the run ends, for whatever reason it ends. */
export function useParts<Data, Variables>(document: Document<Data, Variables>): Parts<Variables> {
  const client = useClient();
  const plain = useMemo(() => createPlainClient(session), []);
  const [left, setLeft] = useState<readonly Variables[]>();
  const [refused, setRefused] = useState<Parts<Variables>['refused']>([]);
  const [failure, setFailure] = useState<Failure>();
  const [isRunning, setRunning] = useState(false);
  const isStopped = useRef(false);
  const stop = useCallback(() => void (isStopped.current = true), []);
  useEffect(() => stop, [stop]);

  const run = async (all: readonly Variables[]): Promise<boolean> => {
    isStopped.current = false;
    setRunning(true);
    setFailure(undefined);
    let refusals = 0;
    let sent = 0;
    for (const variables of all) {
      setLeft(all.slice(sent));
      if (isStopped.current) break;
      const { error } = await plain.mutation(documentOf(document), variables as never);
      const failure = error && failureOf(error);
      if (failure && !OWN_REASONS.has(failure.kind)) {
        setFailure(failure);
        break;
      }
      if (failure) setRefused((before) => [...before, { variables, failure }]);
      if (failure) refusals++;
      sent++;
    }
    setLeft(all.slice(sent));
    await askAgain(client);
    setRunning(false);
    return sent === all.length && refusals === 0;
  };
  return { left, refused, failure, isRunning, run, stop };
}
