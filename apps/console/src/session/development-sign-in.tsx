import { useEffect, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { ROLE_WORDS } from '../shared/words.js';
import type { UserRole } from '../generated/graphql.js';
import { session } from './session.js';

/** Not a secret: a reload of the page signs the same person in again. */
const PERSON = 'console.person';

interface Person {
  email: string;
  name: string;
  role: UserRole;
  tenant: { id: string; name: string } | null;
}

const PEOPLE = '/console/development/people';
const SESSION = '/console/development/session';

async function signIn({ email, role, tenant }: Pick<Person, 'email' | 'role' | 'tenant'>): Promise<boolean> {
  const response = await fetch(SESSION, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email }),
  }).catch(() => undefined);
  if (!response?.ok) return false;
  const { token } = (await response.json()) as { token: string };
  sessionStorage.setItem(PERSON, email);
  // The platform's own person begins in the demonstration's tenant.
  session.signIn(token, role === 'SUPER_ADMIN' ? tenant?.id : undefined);
  return true;
}

/** The demonstration's people, one click each. The portal serves them to its own machine, outside production. */
export function DevelopmentSignIn() {
  const [people, setPeople] = useState<Person[] | 'refused'>();
  useEffect(() => {
    void load().then(async (people) => {
      const before = sessionStorage.getItem(PERSON);
      const again = people?.find(({ email }) => email === before);
      const isAgain = session.snapshot().phase === 'starting' && again && (await signIn(again));
      if (!isAgain) setPeople(people ?? 'refused');
    });
  }, []);
  if (people === undefined) return null;
  return (
    <>
      <p>This portal runs for development. Sign in as somebody of the demonstration:</p>
      {people === 'refused' || people.length === 0 ? (
        <p className="notice">
          There is nobody to choose here: the demonstration is made by <code>npm start</code>, and offered to a browser
          on the same machine only.
        </p>
      ) : (
        <ul className="people">
          {people.map((person) => (
            <li key={person.email}>
              <Button className="button person" onPress={() => void signIn(person)}>
                <strong>{person.name}</strong>
                <span>{ROLE_WORDS[person.role]}</span>
                <span className="quiet">{person.email}</span>
              </Button>
            </li>
          ))}
        </ul>
      )}
      <PastedToken />
    </>
  );
}

async function load(): Promise<Person[] | undefined> {
  const response = await fetch(PEOPLE).catch(() => undefined);
  return response?.ok ? ((await response.json()) as Person[]) : undefined;
}

/** For everybody else: a token of `npm run portal -- session`. */
function PastedToken() {
  return (
    <details className="pasted-token">
      <summary>Sign in with a session token</summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const token = String(new FormData(event.currentTarget).get('token')).trim();
          if (token !== '') session.signIn(token);
        }}
      >
        <label htmlFor="token">
          Token of <code>npm run portal -- session --email …</code>
        </label>
        <input id="token" name="token" type="password" autoComplete="off" required />
        <button type="submit" className="button">
          Sign in
        </button>
      </form>
    </details>
  );
}

export function forgetPerson(): void {
  sessionStorage.removeItem(PERSON);
}
