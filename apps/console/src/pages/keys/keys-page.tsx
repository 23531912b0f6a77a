import { Plus } from 'lucide-react';
import { lazy, Suspense, useCallback, useState } from 'react';
import { Link, useSearchParams } from 'react-router';
import { Answered } from '../../api/answered.js';
import { useAnswer } from '../../api/operations.js';
import { KeysDocument, type KeysQuery } from '../../generated/graphql.js';
import { MemberKeysOff, useMayMakeKeys } from '../../keys/may-make-keys.js';
import { Page } from '../../shared/page.js';
import { Pages, placeIn } from '../../shared/pages.js';
import { formatNumber, useNow } from '../../shared/time.js';
import { upTo } from '../../shared/up-to.js';
import { isAdmin, useViewer } from '../../shell/viewer.js';
import { KeyCards } from './key-cards.js';
import { KeyFilters } from './key-filters.js';
import { KeysTable } from './keys-table.js';
import {
  changedAddress,
  filterOf,
  instants,
  isFiltered,
  type ListAddress,
  ORDERS,
  PAGE_SIZE,
  readAddress,
} from './list-address.js';

const ChosenKeys = lazy(() => import('./chosen-keys.js').then((part) => ({ default: part.ChosenKeys })));

/** Every key of the tenant, for a member each of its own: counted, found, ordered, chosen. */
export function KeysPage() {
  const now = upTo(useNow(), 10);
  const [parameters, setParameters] = useSearchParams();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const isForAdmin = isAdmin(useViewer());
  const mayMake = useMayMakeKeys();
  const address = readAddress(parameters);
  const { dayAgo, now: until } = instants(now);
  const page = placeIn(parameters, PAGE_SIZE);
  const variables = { filter: filterOf(address, now), orderBy: ORDERS[address.order].order, ...page };
  const answer = useAnswer(KeysDocument, { ...variables, dayAgo, now: until });
  const change = useCallback(
    (change: Record<string, string | undefined>) => {
      setChosen(new Set());
      // Each letter of a search would be a place in the browser's history.
      setParameters((before) => changedAddress(before, change), { replace: 'q' in change });
    },
    [setChosen, setParameters],
  );
  return (
    <Page
      title={isForAdmin ? 'API keys' : 'Your API keys'}
      actions={
        mayMake !== false && (
          <Link className="button button-primary" to="/keys/new">
            <Plus aria-hidden /> New key
          </Link>
        )
      }
    >
      {mayMake === false && <MemberKeysOff />}
      <KeyCards now={now} state={address.state} choose={(state) => change({ state })} />
      <KeyFilters address={address} change={change} />
      <Answered answer={answer} rows={8}>
        {({ apiKeys }) => (
          <List
            apiKeys={apiKeys}
            address={address}
            change={change}
            chosen={chosen}
            choose={setChosen}
            mayMake={mayMake}
          />
        )}
      </Answered>
    </Page>
  );
}

function List({
  apiKeys: { nodes, totalCount, pageInfo },
  address,
  change,
  chosen,
  choose,
  mayMake,
}: {
  apiKeys: KeysQuery['apiKeys'];
  address: ListAddress;
  change: (change: Record<string, string | undefined>) => void;
  chosen: ReadonlySet<string>;
  choose: (chosen: ReadonlySet<string>) => void;
  mayMake: boolean | undefined;
}) {
  const isForAdmin = isAdmin(useViewer());
  if (nodes.length === 0) return <Nothing address={address} change={change} mayMake={mayMake} />;
  return (
    <>
      <div className="list-head">
        <p role="status">
          {formatNumber(totalCount)} {totalCount === 1 ? 'key' : 'keys'}
          {address.state === undefined && (
            <span className="quiet"> that {totalCount === 1 ? 'is' : 'are'} neither revoked nor expired</span>
          )}
        </p>
        {address.state === undefined && (
          <button type="button" className="button button-link" onClick={() => change({ state: 'all' })}>
            Show every key
          </button>
        )}
        {address.state === 'pending' && isForAdmin && <Link to="/requests">Answer the requests</Link>}
        {chosen.size > 0 && (
          <Suspense>
            <ChosenKeys keys={nodes.filter(({ id }) => chosen.has(id))} done={() => choose(new Set())} />
          </Suspense>
        )}
      </div>
      <KeysTable keys={nodes} chosen={chosen} choose={choose} />
      <Pages pageInfo={pageInfo} turn={change} />
    </>
  );
}

/** An empty list has a reason: nothing fits, or there is nothing yet. */
function Nothing({
  address,
  change,
  mayMake,
}: {
  address: ListAddress;
  change: (change: Record<string, string | undefined>) => void;
  mayMake: boolean | undefined;
}) {
  const everything = { state: undefined, q: undefined, owner: undefined, scope: undefined };
  if (isFiltered(address) || address.after || address.before)
    return (
      <div className="nothing">
        <h2>No key fits</h2>
        <p>No key that you may see is what you look for.</p>
        <button type="button" className="button" onClick={() => change(everything)}>
          Clear search and filters
        </button>
        <button type="button" className="button" onClick={() => change({ ...everything, state: 'all' })}>
          Show every key, revoked ones too
        </button>
      </div>
    );
  return (
    <div className="nothing">
      <h2>No keys yet</h2>
      <p>A key lets a script or an integration use the API, for exactly what you give it.</p>
      {mayMake !== false && (
        <Link className="button button-primary" to="/keys/new">
          <Plus aria-hidden /> Make the first key
        </Link>
      )}
    </div>
  );
}
