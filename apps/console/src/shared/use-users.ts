import { useCallback, useEffect, useState } from 'react';
import { type Outcome, useAsk } from '../api/operations.js';
import { UsersDocument, type UsersQuery } from '../generated/graphql.js';
import type { Failure } from '../api/failure.js';

export type User = UsersQuery['users']['nodes'][number];

/** All people and service accounts of the tenant, by name. @param isPaused nothing is asked for, as for members, who may not see them */
export function useUsers({ isPaused = false } = {}): {
  users: User[] | undefined;
  failure: Failure | undefined;
  reload: () => void;
} {
  const ask = useAsk();
  const [outcome, setOutcome] = useState<Outcome<User[]>>();
  useEffect(() => {
    if (isPaused) return undefined;
    let isGone = false;
    void readAll(ask).then((outcome) => isGone || setOutcome(outcome));
    return () => void (isGone = true);
  }, [ask, isPaused]);
  const reload = useCallback(() => void readAll(ask).then(setOutcome), [ask]);
  return { users: outcome?.data, failure: outcome?.failure, reload };
}

async function readAll(ask: ReturnType<typeof useAsk>): Promise<Outcome<User[]>> {
  const all: User[] = [];
  for (let after: string | undefined; ;) {
    const { data, failure }: Outcome<UsersQuery> = await ask(UsersDocument, { after });
    if (!data) return { failure };
    all.push(...data.users.nodes);
    if (!data.users.pageInfo.hasNextPage) return { data: all };
    after = data.users.pageInfo.endCursor ?? undefined;
  }
}
