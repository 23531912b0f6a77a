import type { EditableKeyFragment, KeyEventFragment } from '../../generated/graphql.js';
import { Difference } from '../../keys/difference.js';
import { editOf, type KeyEdit } from '../../keys/edit.js';
import { actorOf } from '../../keys/event.js';
import { Time } from '../../shared/time.js';

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
      <Difference
        columns={[
          ['When you opened it', editOf(seen)],
          ['Now', editOf(current)],
          ['Yours', edit],
        ]}
      />
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
