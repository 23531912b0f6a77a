import { Copy, Download } from 'lucide-react';
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react';
import type { Secret } from './secret.js';
import { Window } from './window.js';

/** How a secret is used, by the name of the program or file. */
export type Snippets = Readonly<Record<string, (secret: string) => string>> & { '.env': (secret: string) => string };

/**
 * A secret, once. Escape and a press outside do not close it; closing it takes a word. From then on the secret is nowhere in this
 * browser.
 */
export function SecretWindow({
  title,
  owner,
  secret,
  snippets,
  children,
  close,
}: {
  title: string;
  /** What the secret belongs to. */
  owner: string;
  secret: Secret;
  /** The first one is shown first; `.env` can be downloaded. */
  snippets: Snippets;
  /** What else is to be known before the window closes. */
  children?: ReactNode;
  close: () => void;
}) {
  const [isStored, setStored] = useState(false);
  const [snippet, setSnippet] = useState(Object.keys(snippets)[0] ?? '.env');
  const letGo = useStay();
  const leave = () => {
    letGo();
    secret.forget();
    close();
  };
  return (
    <Window title={title} isFirm close={leave}>
      <p className="notice notice-warn">
        This is the only time that the secret of “{owner}” is shown. Store it before you close this.
      </p>
      <div className="secret">
        <SecretText secret={secret} format={asItIs} name="Secret" />
        <div className="row">
          <CopyButton text={() => secret.read()} name="Copy the secret" />
          <button type="button" className="button" onClick={() => download(snippets['.env'](secret.read()))}>
            <Download aria-hidden /> Download .env
          </button>
        </div>
      </div>
      <fieldset>
        <legend>Use it</legend>
        <div className="choices">
          {Object.keys(snippets).map((name) => (
            <label key={name} className="choice">
              <input type="radio" name="snippet" checked={snippet === name} onChange={() => setSnippet(name)} /> {name}
            </label>
          ))}
        </div>
        <SecretText secret={secret} format={snippets[snippet] ?? asItIs} name={`Snippet for ${snippet}`} />
        <CopyButton text={() => (snippets[snippet] ?? asItIs)(secret.read())} name="Copy the snippet" />
      </fieldset>
      {children}
      <label className="choice">
        <input type="checkbox" checked={isStored} onChange={(event) => setStored(event.target.checked)} />I have stored
        the secret
      </label>
      <div className="actions">
        <button type="button" className="button button-primary" disabled={!isStored} onClick={leave}>
          Close, and forget it here
        </button>
      </div>
    </Window>
  );
}

/**
 * Keeps the page open, since the secret would be lost with it: going back does nothing, and the browser asks before a reload and
 * before it closes the tab.
 * @returns a function that lets the page go
 */
function useStay() {
  const isLeaving = useRef(false);
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    const stay = (event: NavigateEvent) => {
      const isWithin = event.destination.sameDocument && event.downloadRequest === null;
      if (isWithin && event.cancelable && !isLeaving.current) event.preventDefault();
    };
    window.addEventListener('beforeunload', ask);
    window.navigation?.addEventListener('navigate', stay);
    return () => {
      window.removeEventListener('beforeunload', ask);
      window.navigation?.removeEventListener('navigate', stay);
    };
  }, []);
  return useCallback(() => void (isLeaving.current = true), []);
}

const asItIs = (secret: string): string => secret;

/** Written into the page behind React's back, so that React keeps no copy. */
function SecretText({ secret, format, name }: { secret: Secret; format: (secret: string) => string; name: string }) {
  const write = useCallback(
    (element: HTMLElement | null) => {
      if (element) element.textContent = format(secret.read());
    },
    [secret, format],
  );
  // It scrolls, so it takes the keyboard.
  // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
  return <pre ref={write} role="region" tabIndex={0} aria-label={name} />;
}

function CopyButton({ text, name }: { text: () => string; name: string }) {
  const [outcome, setOutcome] = useState('');
  const copy = () =>
    navigator.clipboard.writeText(text()).then(
      () => setOutcome('Copied'),
      () => setOutcome('Copying is not allowed here: select the text instead'),
    );
  return (
    <span className="row">
      <button type="button" className="button" onClick={() => void copy()}>
        <Copy aria-hidden /> {name}
      </button>
      <span role="status" className="quiet">
        {outcome}
      </span>
    </span>
  );
}

function download(text: string): void {
  const address = URL.createObjectURL(new Blob([text]));
  const link = document.createElement('a');
  link.href = address;
  link.download = 'latchkey.env';
  link.click();
  URL.revokeObjectURL(address);
}
