import { useEffect, useState } from 'react';
import { FailureNotice, Skeleton } from '../../api/answered.js';
import type { Failure } from '../../api/failure.js';
import { type Outcome, useAsk } from '../../api/operations.js';
import { KeysOfPersonDocument, type KeysOfPersonQuery } from '../../generated/graphql.js';
import type { Transferred } from '../../keys/transfer-progress.js';
import { TransferWindow } from '../../keys/transfer-window.js';
import { Window } from '../../shared/window.js';
import { LIVING } from './owned-keys.js';

/** What the API lists at once. */
const PAGE_SIZE = 100;
/** An expired key has to be revived before it can be transferred, and one that was asked for to be approved. */
const STATUS = LIVING.filter((status) => status !== 'EXPIRED' && status !== 'PENDING');

/** Reads all keys of somebody, however many, and transfers them. */
export function TransferAll({ ownerId, close }: { ownerId: string; close: (isChanged: boolean) => void }) {
  const ask = useAsk();
  const [keys, setKeys] = useState<Transferred[]>();
  const [failure, setFailure] = useState<Failure>();
  useEffect(() => {
    let isGone = false;
    const load = async () => {
      const all: Transferred[] = [];
      for (let after: string | undefined, more = true; more;) {
        const variables = { filter: { ownerId, status: STATUS }, first: PAGE_SIZE, after };
        const { data, failure }: Outcome<KeysOfPersonQuery> = await ask(KeysOfPersonDocument, variables);
        if (isGone) return;
        if (!data) return setFailure(failure);
        all.push(...data.apiKeys.nodes);
        after = data.apiKeys.pageInfo.endCursor ?? undefined;
        more = data.apiKeys.pageInfo.hasNextPage;
      }
      setKeys(all);
    };
    void load();
    return () => void (isGone = true);
  }, [ask, ownerId]);
  if (keys && keys.length > 0) return <TransferWindow keys={keys} close={close} />;
  return (
    <Window title="Transfer all keys" close={() => close(false)}>
      {failure && <FailureNotice failure={failure} />}
      {!keys && !failure && <Skeleton rows={3} />}
      {keys?.length === 0 && <p>None of these keys can be transferred: they have expired, or wait for approval.</p>}
      <div className="actions">
        <button type="button" className="button" onClick={() => close(false)}>
          Close
        </button>
      </div>
    </Window>
  );
}
