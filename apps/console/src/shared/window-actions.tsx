import type { ReactNode } from 'react';
import { FailureNotice } from '../api/answered.js';
import type { Failure } from '../api/failure.js';

/** The end of a window: why its action failed, the way back, and the action. */
export function WindowActions({
  failure,
  children,
  cancel = 'Cancel',
  close,
  action,
  isDestructive = false,
  isDisabled,
  act,
}: {
  failure?: Failure | undefined;
  /** What else is to be known of the failure. */
  children?: ReactNode;
  /** What the button says that closes the window and does nothing. */
  cancel?: string;
  close: () => void;
  /** What the button says that acts. */
  action: string;
  isDestructive?: boolean;
  isDisabled: boolean;
  act: () => Promise<void>;
}) {
  return (
    <>
      {failure && <FailureNotice failure={failure} />}
      {children}
      <div className="actions">
        <button type="button" className="button" onClick={close}>
          {cancel}
        </button>
        <button
          type="button"
          className={`button ${isDestructive ? 'button-bad' : 'button-primary'}`}
          disabled={isDisabled}
          onClick={() => void act()}
        >
          {action}
        </button>
      </div>
    </>
  );
}
