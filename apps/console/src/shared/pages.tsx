import { ChevronLeft, ChevronRight } from 'lucide-react';

/** The page of a list that the address bar names, as variables of a query. */
export function placeIn(parameters: URLSearchParams, size: number) {
  const before = parameters.get('before');
  return before ? { last: size, before } : { first: size, after: parameters.get('after') || undefined };
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
