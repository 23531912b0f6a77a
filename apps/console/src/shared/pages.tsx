import { ChevronLeft, ChevronRight } from 'lucide-react';

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
