import { useSearchParams } from 'react-router';
import { Answered } from '../../api/answered.js';
import { useAnswer } from '../../api/operations.js';
import { type ApiKeyEventFilter, type ApiKeyEventKind, KeyEventsDocument } from '../../generated/graphql.js';
import { EVENT_WORDS } from '../../keys/event.js';
import { Page } from '../../shared/page.js';
import { EarlierPages } from '../../shared/pages.js';
import { AuditExport } from './audit-export.js';
import { AuditFilters } from './audit-filters.js';
import { AuditTable } from './audit-table.js';

const PAGE_SIZE = 50;

/** What happened to the keys and to the policy of the tenant: filtered, read, exported. */
export function AuditPage() {
  const [parameters, setParameters] = useSearchParams();
  const filter = filterOf(parameters);
  const after = parameters.get('after') ?? undefined;
  const answer = useAnswer(KeyEventsDocument, { filter, first: PAGE_SIZE, after });
  const change = (change: Record<string, string>) =>
    setParameters((before) => {
      const changed = new URLSearchParams(before);
      changed.delete('after');
      for (const [name, value] of Object.entries(change))
        if (value === '') changed.delete(name);
        else changed.set(name, value);
      return changed;
    });
  return (
    <Page
      title="Audit trail"
      lead="Every change of a key or of the policy, written with the change itself. Nothing here can be changed or removed."
      actions={<AuditExport filter={filter} />}
    >
      <AuditFilters parameters={parameters} change={change} />
      <Answered answer={answer}>
        {({ apiKeyEvents: { nodes, pageInfo } }) => (
          <>
            <AuditTable events={nodes} />
            <EarlierPages after={after} pageInfo={pageInfo} turn={(after = '') => change({ after })} />
          </>
        )}
      </Answered>
    </Page>
  );
}

function filterOf(parameters: URLSearchParams): ApiKeyEventFilter {
  const given = (name: string) => parameters.get(name) || undefined;
  const kind = given('kind');
  const instant = (name: string) => {
    const date = new Date(given(name) ?? '');
    return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
  };
  const filter = {
    kind: kind && Object.hasOwn(EVENT_WORDS, kind) ? [kind as ApiKeyEventKind] : undefined,
    actorId: given('actor'),
    apiKeyId: given('key'),
    after: instant('from'),
    before: instant('to'),
  };
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}
