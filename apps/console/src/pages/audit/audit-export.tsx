import { Download } from 'lucide-react';
import { useState } from 'react';
import { FailureNotice } from '../../api/answered.js';
import type { Failure } from '../../api/failure.js';
import { type Outcome, useAsk } from '../../api/operations.js';
import {
  type ApiKeyEventFilter,
  type KeyEventFragment,
  KeyEventsDocument,
  type KeyEventsQuery,
} from '../../generated/graphql.js';
import { formatNumber } from '../../shared/time.js';
import { type Format, textOf } from './export.js';

const PAGE_SIZE = 100;
/** What a browser holds in memory without complaint. */
const MOST = 50_000;

/** Everything that the filters admit, as a file. */
export function AuditExport({ filter }: { filter: ApiKeyEventFilter }) {
  const ask = useAsk();
  const [progress, setProgress] = useState('');
  const [failure, setFailure] = useState<Failure>();
  const load = async (format: Format) => {
    const events: KeyEventFragment[] = [];
    setFailure(undefined);
    for (let after: string | undefined, more = true; more && events.length < MOST;) {
      const variables = { filter, first: PAGE_SIZE, after };
      const { data, failure }: Outcome<KeyEventsQuery> = await ask(KeyEventsDocument, variables);
      if (!data) return setFailure(failure);
      events.push(...data.apiKeyEvents.nodes);
      after = data.apiKeyEvents.pageInfo.endCursor ?? undefined;
      more = data.apiKeyEvents.pageInfo.hasNextPage;
      setProgress(`${formatNumber(events.length)} events …`);
    }
    save(textOf(events, format), format);
    setProgress(`${formatNumber(events.length)} events exported`);
  };
  return (
    <>
      <span role="status" className="quiet">
        {progress}
      </span>
      {(['csv', 'ndjson'] as const).map((format) => (
        <button key={format} type="button" className="button" onClick={() => void load(format)}>
          <Download aria-hidden /> {format.toUpperCase()}
        </button>
      ))}
      {failure && <FailureNotice failure={failure} />}
    </>
  );
}

function save(text: string, format: Format): void {
  const address = URL.createObjectURL(new Blob([text]));
  const link = document.createElement('a');
  link.href = address;
  link.download = `audit-trail.${format}`;
  link.click();
  URL.revokeObjectURL(address);
}
