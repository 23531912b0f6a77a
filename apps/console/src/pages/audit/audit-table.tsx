import { Link } from 'react-router';
import type { KeyEventFragment } from '../../generated/graphql.js';
import { actorOf, Changes, EVENT_WORDS, FoundAt } from '../../keys/event.js';
import { TableHead } from '../../shared/table-head.js';
import { Time } from '../../shared/time.js';

export function AuditTable({ events }: { events: readonly KeyEventFragment[] }) {
  if (events.length === 0)
    return (
      <div className="nothing">
        <h2>Nothing found</h2>
        <p>No event fits what you look for.</p>
      </div>
    );
  return (
    <table className="table">
      <TableHead names={['When', 'What', 'Key', 'By', 'From', 'Change']} />
      <tbody>
        {events.map((event) => (
          <tr key={event.id}>
            <td data-label="When">
              <Time at={event.at} />
            </td>
            <td data-label="What">{EVENT_WORDS[event.kind]}</td>
            <td data-label="Key">
              {event.apiKeyId == null ? (
                <span className="quiet">None</span>
              ) : (
                <Link to={`/keys/${event.apiKeyId}`}>{event.apiKeyName}</Link>
              )}
            </td>
            <td data-label="By">{actorOf(event)}</td>
            <td data-label="From">{event.ip ?? <span className="quiet">Unknown</span>}</td>
            <td data-label="Change">
              <FoundAt event={event} />
              <Changes changes={event.changes} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
