import { useState } from 'react';
import { Link } from 'react-router';
import { useAct, useAnswer, useAsk } from '../../api/operations.js';
import {
  EditableKeyDocument,
  type EditableKeyFragment,
  KeyEventsDocument,
  type KeyEventFragment,
  ScopesDocument,
  UpdateKeyDocument,
} from '../../generated/graphql.js';
import type { Policy } from '../../keys/policy.js';
import { ScopePicker } from '../../keys/scope-picker.js';
import { Window } from '../../shared/window.js';
import { WindowActions } from '../../shared/window-actions.js';
import { Conflict } from './conflict.js';
import { linesOf } from '../../shared/lines.js';
import { changeOf, editOf, type KeyEdit } from '../../keys/edit.js';
import { EditFields } from './edit-fields.js';
import type { ShownKey } from './key-facts.js';

interface Newer {
  current: EditableKeyFragment;
  events: KeyEventFragment[];
}

/** Changes what a key is. Where somebody else was faster it shows what they did, and what is left to decide. */
export function EditWindow({
  apiKey,
  policy,
  close,
}: {
  apiKey: ShownKey;
  policy: Policy | undefined;
  close: () => void;
}) {
  // The page behind is asked again; what is compared is the key as it was when this was opened.
  const [seen, setSeen] = useState<EditableKeyFragment>(apiKey);
  const [edit, setEdit] = useState<KeyEdit>(() => editOf(apiKey));
  const [newer, setNewer] = useState<Newer>();
  const [isUnreadable, setUnreadable] = useState(false);
  const { data } = useAnswer(ScopesDocument, {});
  const { run, isRunning, failure, forget } = useAct(UpdateKeyDocument);
  const ask = useAsk();

  const save = async () => {
    const change = read(edit, seen);
    setUnreadable(change === undefined);
    if (change === undefined) return;
    if (Object.keys(change).length === 0) return close();
    const { data, failure } = await run({ input: { id: seen.id, expectedVersion: seen.version, ...change } });
    if (data?.updateApiKey) return close();
    if (failure?.reason !== 'VERSION_MISMATCH') return;
    const key = await ask(EditableKeyDocument, { id: seen.id });
    const events = await ask(KeyEventsDocument, { filter: { apiKeyId: seen.id }, first: 5 });
    if (!key.data?.apiKey) return;
    setNewer({ current: key.data.apiKey, events: events.data?.apiKeyEvents.nodes ?? [] });
    forget();
  };
  const settle = (isMineKept: boolean) => {
    if (!newer) return;
    // Members that were not touched here are those of the newer version.
    if (isMineKept) setEdit({ ...editOf(newer.current), ...touched(edit, editOf(seen)) });
    else setEdit(editOf(newer.current));
    setSeen(newer.current);
    setNewer(undefined);
  };

  return (
    <Window title="Change the key" close={close} isFirm>
      {newer ? (
        <Conflict seen={seen} edit={edit} current={newer.current} events={newer.events} settle={settle} />
      ) : (
        <>
          <EditFields
            edit={edit}
            change={(change) => setEdit({ ...edit, ...change })}
            failure={failure}
            isMetadataUnreadable={isUnreadable}
            policy={policy}
            createdAt={apiKey.createdAt}
          />
          {data && (
            <ScopePicker
              catalogue={data.apiScopes}
              bounds={{ role: apiKey.owner.role, allowedScopes: policy?.allowedScopes }}
              chosen={edit.scopes}
              choose={(scopes) => setEdit({ ...edit, scopes })}
            />
          )}
          <WindowActions failure={failure} close={close} action="Save" isDisabled={isRunning} act={save}>
            {failure?.reason === 'APPROVAL_REQUIRED' && <AskForAnother id={seen.id} edit={edit} />}
          </WindowActions>
        </>
      )}
    </Window>
  );
}

/** An approved key is not widened: what was typed leads to a request for another key. */
function AskForAnother({ id, edit }: { id: string; edit: KeyEdit }) {
  const wanted = new URLSearchParams({
    like: id,
    name: edit.name,
    scopes: [...edit.scopes].join(','),
    networks: linesOf(edit.networks).join(','),
    expires: edit.expires === '' ? 'never' : edit.expires.slice(0, 10),
  });
  return (
    <p className="notice">
      An admin approved this key as it is, so you can narrow it and not widen it.{' '}
      <Link to={`/keys/new?${wanted}`}>Ask for another key with what you typed</Link>
    </p>
  );
}

/** Undefined where the metadata is no JSON. */
function read(edit: KeyEdit, seen: EditableKeyFragment) {
  try {
    return changeOf(edit, seen);
  } catch {
    return undefined;
  }
}

function touched(edit: KeyEdit, before: KeyEdit): Partial<KeyEdit> {
  const isTouched = ([name, value]: [string, unknown]) =>
    name === 'scopes'
      ? [...edit.scopes].sort().join() !== [...before.scopes].sort().join()
      : value !== before[name as keyof KeyEdit];
  return Object.fromEntries(Object.entries(edit).filter(isTouched)) as Partial<KeyEdit>;
}
