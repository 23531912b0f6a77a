import { useState } from 'react';
import { Answered } from '../../api/answered.js';
import { useAnswer } from '../../api/operations.js';
import { KeyEventsDocument } from '../../generated/graphql.js';
import { actorOf, Changes, EVENT_WORDS, FoundAt } from '../../keys/event.js';
import { Time } from '../../shared/time.js';

const STEP = 10;
const MOST = 100;

/** What happened to the key: who, when, from where, and what became of what. */
export function KeyEvents({ id }: { id: string }) {
  const [first, setFirst] = useState(STEP);
  const answer = useAnswer(KeyEventsDocument, { filter: { apiKeyId: id }, first });
  return (
    <section className="card" aria-labelledby="timeline">
      <h2 id="timeline">Timeline</h2>
      <Answered answer={answer} rows={3}>
        {({ apiKeyEvents: { nodes, pageInfo } }) => (
          <>
            <ol className="timeline">
              {nodes.map((event) => (
                <li key={event.id}>
                  <p>
                    <strong>{EVENT_WORDS[event.kind]}</strong> by {actorOf(event)}
                  </p>
                  <p className="quiet">
                    <Time at={event.at} />
                    {event.ip !== null && `, from ${event.ip}`}
                  </p>
                  <FoundAt event={event} />
                  <Changes changes={event.changes} />
                </li>
              ))}
            </ol>
            {pageInfo.hasNextPage && first < MOST && (
              <button type="button" className="button" onClick={() => setFirst(Math.min(MOST, first + 3 * STEP))}>
                Show earlier ones
              </button>
            )}
          </>
        )}
      </Answered>
    </section>
  );
}
