import { ChevronLeft, ChevronRight } from 'lucide-react';

/** The page of a list that the address bar names, as variables of a query. */
export function placeIn(parameters: URLSearchParams, size: number) {
  const before = parameters.get('before');
  return before ? { last: size, before } : { first: size, after: parameters.get('after') || undefined };
}

/** To earlier ones of a list that has the newest first, and back to its first page. */
export function EarlierPages({
  after,
  pageInfo: { endCursor, hasNextPage },
  turn,
}: {
  /** The cursor of the page that is open. */
  after: string | undefined;
  pageInfo: { endCursor?: string | null; hasNextPage: boolean };
  turn: (after: string | undefined) => void;
}) {
  if (after === undefined && !hasNextPage) return null;
  return (
    <nav className="turn" aria-label="Pages of the list">
      {after !== undefined && (
        <button type="button" className="button" onClick={() => turn(undefined)}>
          Back to the newest
        </button>
      )}
      {hasNextPage && (
        <button type="button" className="button" onClick={() => turn(endCursor ?? undefined)}>
          Earlier ones
        </button>
      )}
    </nav>
  );
}

/** To the page before and the page after, by cursor. */
export function Pages({
  pageInfo,
  turn,
}: {
  pageInfo: { startCursor?: string | null; endCursor?: string | null; hasNextPage: boolean; hasPreviousPage: boolean };
  turn: (place: { after?: string; before?: string }) => void;
}) {
  const { startCursor, endCursor, hasNextPage, hasPreviousPage } = pageInfo;
  if (!hasNextPage && !hasPreviousPage) return null;
  return (
    <nav className="turn" aria-label="Pages of the list">
      <button
        type="button"
        className="button"
        disabled={!hasPreviousPage}
        onClick={() => turn({ before: startCursor ?? undefined })}
      >
        <ChevronLeft aria-hidden /> Previous
      </button>
      <button
        type="button"
        className="button"
        disabled={!hasNextPage}
        onClick={() => turn({ after: endCursor ?? undefined })}
      >
        Next <ChevronRight aria-hidden />
      </button>
    </nav>
  );
}
