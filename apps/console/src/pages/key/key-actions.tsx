import { useState } from 'react';
import { Link } from 'react-router';
import { FailureNotice } from '../../api/answered.js';
import { useAct } from '../../api/operations.js';
import { ResumeKeyDocument } from '../../generated/graphql.js';
import type { Policy } from '../../keys/policy.js';
import { RevokeWindow } from '../../keys/revoke-window.js';
import { SuspendWindow } from '../../keys/suspend-window.js';
import { TransferWindow } from '../../keys/transfer-window.js';
import { isAdmin, useViewer } from '../../shell/viewer.js';
import { EditWindow } from './edit-window.js';
import type { ShownKey } from './key-facts.js';
import { type Rotated, RotateWindow } from './rotate-window.js';

type Open = 'edit' | 'rotate' | 'suspend' | 'transfer' | 'revoke';

/** What can be done with the key in its state. */
export function KeyActions({
  apiKey,
  policy,
  rotated,
}: {
  apiKey: ShownKey;
  policy: Policy | undefined;
  rotated: (rotated: Rotated) => void;
}) {
  const [open, setOpen] = useState<Open>();
  const resume = useAct(ResumeKeyDocument);
  const close = () => setOpen(undefined);
  const isForAdmin = isAdmin(useViewer());
  const { id, status, suspendedAt } = apiKey;
  const duplicate = (
    <Link className="button" to={`/keys/new?like=${id}`}>
      Duplicate …
    </Link>
  );
  if (status === 'REVOKED') return duplicate;
  const isRotatable = status === 'ACTIVE' || status === 'POLICY_BLOCKED';
  return (
    <>
      <button type="button" className="button" onClick={() => setOpen('edit')}>
        Change …
      </button>
      <button
        type="button"
        className="button"
        disabled={!isRotatable}
        title={isRotatable ? undefined : 'Only a key that works can be rotated.'}
        onClick={() => setOpen('rotate')}
      >
        Rotate …
      </button>
      {suspendedAt == null ? (
        <button type="button" className="button" onClick={() => setOpen('suspend')}>
          Suspend …
        </button>
      ) : (
        <button type="button" className="button" disabled={resume.isRunning} onClick={() => void resume.run({ id })}>
          Resume
        </button>
      )}
      {isForAdmin && (
        <button
          type="button"
          className="button"
          disabled={status === 'EXPIRED' || status === 'PENDING'}
          onClick={() => setOpen('transfer')}
        >
          Transfer …
        </button>
      )}
      {duplicate}
      <button type="button" className="button button-bad" onClick={() => setOpen('revoke')}>
        Revoke …
      </button>
      {resume.failure && <FailureNotice failure={resume.failure} />}
      {open === 'edit' && <EditWindow apiKey={apiKey} policy={policy} close={close} />}
      {open === 'rotate' && (
        <RotateWindow
          apiKey={apiKey}
          longest={policy?.maxRotationOverlapSeconds}
          close={close}
          made={(answer) => {
            close();
            rotated(answer);
          }}
        />
      )}
      {open === 'transfer' && <TransferWindow keys={[apiKey]} close={close} />}
      {open === 'suspend' && <SuspendWindow keys={[apiKey]} close={close} done={close} />}
      {open === 'revoke' && <RevokeWindow which={{ ids: [id] }} count={1} close={close} done={close} />}
    </>
  );
}
