import { LockKeyhole, RotateCw, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import type { Failure } from './failure.js';
import type { Answer } from './operations.js';

/** What was answered; until then a skeleton, and in place of it what went wrong. */
export function Answered<Data>({
  answer,
  rows = 6,
  children,
}: {
  answer: Answer<Data>;
  rows?: number;
  children: (data: Data) => ReactNode;
}) {
  const { data, failure, reload } = answer;
  if (data && failure?.kind !== 'forbidden')
    return (
      <>
        {failure && <FailureNotice failure={failure} retry={reload} />}
        {children(data)}
      </>
    );
  if (failure) return <FailureNotice failure={failure} retry={reload} />;
  return <Skeleton rows={rows} />;
}

/** Unseen for the first 200 ms: an answer that is quick shows no skeleton before it. */
export function Skeleton({ rows }: { rows: number }) {
  return (
    <div className="skeleton" role="status" aria-label="Loading">
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="skeleton-row" />
      ))}
    </div>
  );
}

export function FailureNotice({ failure, retry }: { failure: Failure; retry?: () => void }) {
  const isForbidden = failure.kind === 'forbidden';
  const isWorthRepeating = retry && !isForbidden && failure.kind !== 'input' && failure.kind !== 'not-found';
  return (
    <div className={isForbidden ? 'notice' : 'notice notice-bad'} role="alert">
      {isForbidden ? <LockKeyhole aria-hidden /> : <TriangleAlert aria-hidden />}
      <div className="notice-text">
        <strong>{TITLES[failure.kind]}</strong>
        <p>{failure.message}</p>
        {failure.problems.length > 0 && (
          <ul>
            {failure.problems.map(({ path, message }) => (
              <li key={`${path.join('.')} ${message}`}>{message}</li>
            ))}
          </ul>
        )}
        {failure.requestId !== undefined && (
          <p className="quiet">
            Request <code>{failure.requestId}</code>
          </p>
        )}
      </div>
      {isWorthRepeating && (
        <Button className="button" onPress={retry}>
          <RotateCw aria-hidden /> Try again
        </Button>
      )}
    </div>
  );
}

const TITLES: Readonly<Record<Failure['kind'], string>> = {
  offline: 'Offline',
  unreachable: 'No answer',
  unavailable: 'Out of service for a moment',
  forbidden: 'Not for your role',
  input: 'Not accepted',
  conflict: 'Not possible now',
  'not-found': 'Not found',
  limited: 'Too many requests',
  other: 'Something went wrong',
};
