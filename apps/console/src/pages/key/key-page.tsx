import { TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { Answered } from '../../api/answered.js';
import { type Answer, useAnswer } from '../../api/operations.js';
import { KeyDocument, type KeyQuery } from '../../generated/graphql.js';
import { FirstUse } from '../../keys/first-use.js';
import { usePolicy } from '../../keys/policy.js';
import { KeySecretWindow } from '../../keys/key-secret-window.js';
import { Status } from '../../keys/status.js';
import { Page } from '../../shared/page.js';
import { formatNumber, useNow } from '../../shared/time.js';
import { isAdmin, useViewer } from '../../shell/viewer.js';
import { upTo } from '../../shared/up-to.js';
import { KeyActions } from './key-actions.js';
import { KeyEvents } from './key-events.js';
import { KeyFacts } from './key-facts.js';
import { KeyScopes } from './key-scopes.js';
import { KeyUsage } from './key-usage.js';
import type { Rotated } from './rotate-window.js';
import { RotationCard } from './rotation-card.js';

const HOUR_MS = 60 * 60 * 1000;

/** One key: what it is, what it may, how it is used, what happened to it, and what can be done with it. */
export function KeyPage() {
  const { id = '' } = useParams();
  const now = upTo(useNow(), 5);
  const at = (hours: number) => new Date(now - hours * HOUR_MS).toISOString();
  const instants = { since: at(30 * 24), hoursFrom: at(48), daysFrom: at(30 * 24), now: at(0) };
  const answer = useAnswer(KeyDocument, { id, ...instants });
  return (
    <Answered answer={answer} rows={8}>
      {({ apiKey }) => (apiKey ? <Key apiKey={apiKey} answer={answer} /> : <NoKey />)}
    </Answered>
  );
}

function Key({ apiKey, answer }: { apiKey: NonNullable<KeyQuery['apiKey']>; answer: Answer<KeyQuery> }) {
  const policy = usePolicy();
  // Above what is asked again: a new answer does not take the secret away.
  const [rotated, setRotated] = useState<Rotated>();
  const { id, name, rotation, lastUsedAt, status, attemptsAfterRevocation } = apiKey;
  return (
    <Page
      title={name}
      lead={<Status apiKey={apiKey} />}
      actions={<KeyActions apiKey={apiKey} policy={policy} rotated={setRotated} />}
    >
      {attemptsAfterRevocation > 0 && (
        <p className="notice notice-bad" role="alert">
          <TriangleAlert aria-hidden /> {formatNumber(attemptsAfterRevocation)} requests presented this key after it was
          revoked: somebody still has it.
        </p>
      )}
      {status === 'PENDING' && <Pending id={id} />}
      {lastUsedAt == null && status === 'ACTIVE' && <FirstUse id={id} />}
      {rotation && <RotationCard id={id} rotation={rotation} reload={answer.reload} />}
      <KeyFacts apiKey={apiKey} />
      <KeyScopes apiKey={apiKey} policy={policy} />
      <KeyUsage hourly={apiKey.hourly} daily={apiKey.daily} />
      <KeyEvents id={id} />
      {rotated && (
        <KeySecretWindow
          apiKey={rotated.row}
          secret={rotated.secret}
          title="The new secret"
          close={() => setRotated(undefined)}
        />
      )}
    </Page>
  );
}

/** What a request waits for, and how long. */
function Pending({ id }: { id: string }) {
  const isForAdmin = isAdmin(useViewer());
  return (
    <p className="notice notice-warn" role="status">
      <span>
        This key waits for the approval of an admin, and opens nothing until then. A request that no admin answers ends
        after 7 days. {isForAdmin && <Link to={`/requests/${id}`}>Answer the request</Link>}
      </span>
    </p>
  );
}

function NoKey() {
  return (
    <Page title="No such key">
      <p>
        There is no key at this address, or none that you may see. <Link to="/keys?state=all">Show every key</Link>
      </p>
    </Page>
  );
}
