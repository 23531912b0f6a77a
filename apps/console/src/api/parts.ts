import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useClient } from 'urql';
import { session } from '../session/session.js';
import { createPlainClient } from './client.js';
import { type Failure, failureOf } from './failure.js';
import { type Document, documentOf } from './operations.js';

/** How far it has come with many mutations, one after the other. */
export interface Parts<Variables> {
  /** Those that were not sent yet. Undefined before the start. */
  left: readonly Variables[] | undefined;
  /** Those that the portal refused for a reason of their own, in this and in earlier runs. */
  refused: readonly { variables: Variables; failure: Failure }[];
  /** Why it stopped: the next ones would have met the same. */
  failure: Failure | undefined;
  isRunning: boolean;
  /** Resolves with whether all were sent, and none was refused. */
  run: (variables: readonly Variables[]) => Promise<boolean>;
  stop: () => void;
}

/** Reasons that lie in the one object, and not in the portal or in the way to it. */
const OWN_REASONS = new Set<Failure['kind']>(['input', 'conflict', 'not-found']);

/**
 * Sends a mutation for each of many objects. The pages ask again once, after the last one: all but that go past the
 * cache.
 */
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
      const sender = sent === all.length - 1 ? client : plain;
      const { error } = await sender.mutation(documentOf(document), variables as never);
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
    setRunning(false);
    return sent === all.length && refusals === 0;
  };
  return { left, refused, failure, isRunning, run, stop };
}
