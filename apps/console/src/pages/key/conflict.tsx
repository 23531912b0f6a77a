import type { EditableKeyFragment, KeyEventFragment } from '../../generated/graphql.js';
import { actorOf, valueOf } from '../../keys/event.js';
import { Time } from '../../shared/time.js';
import { editOf, type KeyEdit } from './edit.js';

const MEMBERS: readonly [keyof KeyEdit, string][] = [
  ['name', 'Name'],
  ['description', 'Description'],
  ['expires', 'Expires'],
  ['networks', 'Networks'],
  ['limit', 'Requests at most'],
  ['windowSeconds', 'In seconds'],
  ['metadata', 'Metadata'],
  ['scopes', 'Scopes'],
];

const text = (of: KeyEdit, name: keyof KeyEdit): string =>
  valueOf(name === 'scopes' ? [...of.scopes].sort() : of[name]);

/** Somebody changed the key since it was opened: what it was, what it is now, and what was typed here. */
export function Conflict({
  seen,
  edit,
  current,
  events,
  settle,
}: {
  seen: EditableKeyFragment;
  edit: KeyEdit;
  current: EditableKeyFragment;
  events: readonly KeyEventFragment[];
  settle: (isMineKept: boolean) => void;
}) {
  const [latest] = events;
  const [before, now] = [editOf(seen), editOf(current)];
  const rows = MEMBERS.filter(([name]) => new Set([before, now, edit].map((of) => text(of, name))).size > 1);
  return (
    <>
      <p className="notice notice-warn" role="alert">
        <span>
          Changed by {latest ? actorOf(latest) : 'somebody'} since you opened it
          {latest && (
            <>
              , <Time at={latest.at} />
            </>
          )}
          . Nothing of yours was saved yet.
        </span>
      </p>
      <table className="table difference">
        <thead>
          <tr>
            <th scope="col">What</th>
            <th scope="col">When you opened it</th>
            <th scope="col">Now</th>
            <th scope="col">Yours</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, words]) => (
            <tr key={name}>
              <th scope="row">{words}</th>
              <td data-label="When you opened it">{text(before, name)}</td>
              <td data-label="Now">{text(now, name)}</td>
              <td data-label="Yours">{text(edit, name)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className="actions">
        <button type="button" className="button" onClick={() => settle(false)}>
          Take what is there now
        </button>
        <button type="button" className="button button-primary" onClick={() => settle(true)}>
          Put my changes on top
        </button>
      </div>
    </>
  );
}
