import { Link, useSearchParams } from 'react-router';
import { Answered } from '../../api/answered.js';
import { useAnswer } from '../../api/operations.js';
import { RequestsDocument, type RequestsQuery } from '../../generated/graphql.js';
import { Scopes } from '../../keys/scopes.js';
import { Name } from '../../shared/name.js';
import { Page } from '../../shared/page.js';
import { Pages, placeIn } from '../../shared/pages.js';
import { TableHead } from '../../shared/table-head.js';
import { formatNumber, Time } from '../../shared/time.js';
import { ROLE_WORDS } from '../../shared/words.js';

const PAGE_SIZE = 20;

/** The keys that members ask for, the longest waiting first. */
export function RequestsPage() {
  const [parameters, setParameters] = useSearchParams();
  const answer = useAnswer(RequestsDocument, placeIn(parameters, PAGE_SIZE));
  return (
    <Page
      title="Requests"
      lead="Keys that members ask for. Such a key opens nothing until an admin approves it; a request that no admin answers ends after 7 days."
    >
      <Answered answer={answer}>
        {({ apiKeys: { nodes, totalCount, pageInfo } }) =>
          nodes.length === 0 ? (
            <div className="nothing">
              <h2>No request waits</h2>
              <p>
                Members can ask for keys where the <Link to="/policy">policy</Link> says so.
              </p>
            </div>
          ) : (
            <>
              <p role="status">
                {formatNumber(totalCount)} {totalCount === 1 ? 'request waits' : 'requests wait'}, the oldest first
              </p>
              <RequestsTable requests={nodes} />
              <Pages pageInfo={pageInfo} turn={setParameters} />
            </>
          )
        }
      </Answered>
    </Page>
  );
}

function RequestsTable({ requests }: { requests: RequestsQuery['apiKeys']['nodes'] }) {
  return (
    <table className="table">
      <TableHead names={['Name', 'Asked by', 'Scopes', 'Needed for', 'Asked', 'Ends unanswered']} />
      <tbody>
        {requests.map(({ id, name, owner, scopes, requestReason, createdAt, effectiveExpiresAt }) => (
          <tr key={id}>
            <td className="key-name">
              <Link to={`/requests/${id}`}>{name}</Link>
            </td>
            <td data-label="Asked by">
              <Name>{owner.name}</Name>, {ROLE_WORDS[owner.role].toLowerCase()}
            </td>
            <td data-label="Scopes">
              <Scopes scopes={scopes} effective={scopes} />
            </td>
            <td data-label="Needed for">{requestReason ?? <span className="quiet">No reason given</span>}</td>
            <td data-label="Asked">
              <Time at={createdAt} />
            </td>
            <td data-label="Ends unanswered">
              <Time at={effectiveExpiresAt} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
