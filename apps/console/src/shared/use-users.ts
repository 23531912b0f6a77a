import { useEffect, useState } from 'react';
import { type Outcome, useAsk } from '../api/operations.js';
import { UsersDocument, type UsersQuery } from '../generated/graphql.js';
import type { Failure } from '../api/failure.js';

export type User = UsersQuery['users']['nodes'][number];

/** All people and service accounts of the tenant, by name. */
export function useUsers(): { users: User[] | undefined; failure: Failure | undefined } {
  const ask = useAsk();
  const [users, setUsers] = useState<User[]>();
  const [failure, setFailure] = useState<Failure>();
  useEffect(() => {
    let isGone = false;
    const load = async () => {
      const all: User[] = [];
      for (let after: string | undefined, more = true; more;) {
        const { data, failure }: Outcome<UsersQuery> = await ask(UsersDocument, { after });
        if (isGone) return;
        if (!data) return setFailure(failure);
        all.push(...data.users.nodes);
        after = data.users.pageInfo.endCursor ?? undefined;
        more = data.users.pageInfo.hasNextPage;
      }
      setUsers(all);
    };
    void load();
    return () => void (isGone = true);
  }, [ask]);
  return { users, failure };
}
