import { CircleCheck, Hourglass } from 'lucide-react';
import { useAnswer } from '../api/operations.js';
import { FirstUseDocument } from '../generated/graphql.js';
import { Time } from '../shared/time.js';
import { useInterval } from '../shared/use-interval.js';

const INTERVAL_MS = 2_000;

/** Waits for the first request that the new secret lets through, and shows from where it came. */
export function FirstUse({ id }: { id: string }) {
  const { data, reload } = useAnswer(FirstUseDocument, { id });
  const key = data?.apiKey;
  const usedAt = key?.rotation ? key.rotation.newFirstUsedAt : key?.lastUsedAt;
  useInterval(reload, usedAt == null ? INTERVAL_MS : undefined);
  return (
    <p role="status" className={usedAt == null ? 'notice' : 'notice notice-good'}>
      {usedAt == null ? (
        <>
          <Hourglass aria-hidden /> Waiting for the first use …
        </>
      ) : (
        <>
          <CircleCheck aria-hidden /> First use seen <Time at={usedAt} /> from {key?.lastUsedIp}
        </>
      )}
    </p>
  );
}
