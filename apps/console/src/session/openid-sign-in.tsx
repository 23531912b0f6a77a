import { useEffect, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { openId } from './sign-in.js';

const CALLBACK = '/console/signed-in';
const isCallback = () => window.location.pathname === CALLBACK;
/** As `openid.ts` sets it, which is loaded when it is needed. */
const SIGNED_IN = 'console.signed-in';

/** In production: to the identity provider and back. */
export function OpenIdSignInPage() {
  const [failure, setFailure] = useState<string>();
  const [isReturning, setReturning] = useState(() => isCallback() || sessionStorage.getItem(SIGNED_IN) !== null);
  useEffect(() => {
    if (!isReturning) return;
    void (isCallback() ? finish() : resume()).then((failure) => {
      setFailure(failure);
      setReturning(false);
    });
  }, [isReturning]);
  if (isReturning) return null;
  return (
    <>
      {failure !== undefined && (
        <p className="notice notice-bad" role="alert">
          {failure}
        </p>
      )}
      <p>API keys are managed by the people of their tenant. Sign in with your account of the portal.</p>
      <Button className="button button-primary" onPress={() => void start().then(setFailure)}>
        Sign in
      </Button>
    </>
  );
}

/** The sign-in after a session has ended: without a window if the provider's session lasts, else in a window of its own. */
export function OpenIdSignInAgain() {
  const [failure, setFailure] = useState<string>();
  useEffect(() => {
    // A machine that slept missed the renewal, and can still make up for it.
    void openId().then((manager) => manager.renew());
  }, []);
  const signIn = () => {
    setFailure(undefined);
    void openId()
      .then((manager) => manager.again())
      .catch(() => setFailure(NO_WINDOW));
  };
  return (
    <>
      {failure !== undefined && (
        <p className="notice notice-bad" role="alert">
          {failure}
        </p>
      )}
      <p className="help">The identity provider opens in a window of its own, which closes when you have signed in.</p>
      <div className="actions">
        <Button className="button button-primary" onPress={signIn}>
          Sign in again
        </Button>
      </div>
    </>
  );
}

const NO_WINDOW =
  'Signing in did not work: the browser opened no window, or the identity provider could not be reached. Allow windows for this page, and try again.';

let finishing: Promise<string | undefined> | undefined;

/** Once, however often the page is rendered: a code can be used once. @returns why it did not work */
function finish(): Promise<string | undefined> {
  finishing ??= openId()
    .then((manager) => manager.finish())
    .then(
      () => undefined,
      (error: unknown) => `Signing in did not work: ${error instanceof Error ? error.message : String(error)}`,
    );
  return finishing;
}

let resuming: Promise<undefined> | undefined;

/** After a reload: a person who is no longer signed in at the provider signs in by hand. */
function resume(): Promise<undefined> {
  resuming ??= openId()
    .then((manager) => manager.resume())
    .then(
      () => undefined,
      () => undefined,
    );
  return resuming;
}

/** @returns why the provider could not be gone to */
function start(): Promise<string | undefined> {
  return openId()
    .then((manager) => manager.start())
    .then(
      () => undefined,
      () => 'The identity provider could not be reached. Try again in a moment.',
    );
}
