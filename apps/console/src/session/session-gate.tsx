import { type ReactNode, useMemo } from 'react';
import { Dialog } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { Provider } from 'urql';
import { createClient } from '../api/client.js';
import { settings } from '../settings.js';
import { DevelopmentSignIn } from './development-sign-in.js';
import { OpenIdSignInAgain, OpenIdSignInPage } from './openid-sign-in.js';
import { session } from './session.js';
import { useSession } from './use-session.js';

/** The pages, for somebody who is signed in; else the way to sign in. Each person and tenant gets a client of its own. */
export function SessionGate({ children }: { children: ReactNode }) {
  const { phase, generation } = useSession();
  // eslint-disable-next-line react/exhaustive-deps -- what one person was answered is not kept for the next
  const client = useMemo(() => createClient(session), [generation]);
  if (phase === 'starting' || phase === 'signed-out')
    return (
      <main className="sign-in">
        <h1>Latchkey console</h1>
        {settings.mode.kind === 'development' ? <DevelopmentSignIn /> : <OpenIdSignInPage />}
      </main>
    );
  return (
    <Provider value={client} key={generation}>
      {children}
      {phase === 'expired' && <SignInAgain />}
    </Provider>
  );
}

/** Over the page as it is: what was typed stays, and requests that wait go on. */
function SignInAgain() {
  return (
    <ModalOverlay isOpen className="overlay">
      <Modal className="modal">
        <Dialog className="dialog" role="alertdialog">
          <Heading slot="title">Your session has ended</Heading>
          <p>Sign in again to go on. What you typed is still here, and what you sent is sent again.</p>
          {settings.mode.kind === 'development' ? <DevelopmentSignIn /> : <OpenIdSignInAgain />}
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
