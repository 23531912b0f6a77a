import { useState } from 'react';
import { useAct, useAnswer } from '../../api/operations.js';
import { ScopesDocument, UpdateKeyDocument } from '../../generated/graphql.js';
import type { Policy } from '../../keys/policy.js';
import { Window } from '../../shared/window.js';
import { WindowActions } from '../../shared/window-actions.js';
import { ROLE_WORDS } from '../../shared/words.js';
import type { ShownKey } from './key-facts.js';

/** What the key may, what of it works now and why not all, and what nobody has needed. */
export function KeyScopes({ apiKey, policy }: { apiKey: ShownKey; policy: Policy | undefined }) {
  const { scopes, effectiveScopes, unusedScopes, owner, status } = apiKey;
  const [isNarrowing, setNarrowing] = useState(false);
  const { data } = useAnswer(ScopesDocument, {});
  const whyNot = (name: string) => {
    if (policy?.allowedScopes && !policy.allowedScopes.includes(name)) return 'cut by the policy';
    const scope = data?.apiScopes.find((scope) => scope.name === name);
    return scope && !scope.grantedTo.includes(owner.role)
      ? `its owner is ${ROLE_WORDS[owner.role].toLowerCase()}`
      : 'not in effect';
  };
  const isSpare = unusedScopes.length > 0 && status !== 'REVOKED';
  return (
    <section className="card" aria-labelledby="scopes">
      <h2 id="scopes">Scopes</h2>
      <ul className="chips">
        {scopes.map((scope) => (
          <li key={scope}>
            <code className={effectiveScopes.includes(scope) ? undefined : 'cut'}>{scope}</code>
            {!effectiveScopes.includes(scope) && ` ${whyNot(scope)}`}
          </li>
        ))}
      </ul>
      {isSpare && (
        <div className="notice">
          <p className="notice-text">
            Not needed by any request in 30 days: <code>{unusedScopes.join(', ')}</code>
          </p>
          {unusedScopes.length < scopes.length && (
            <button type="button" className="button" onClick={() => setNarrowing(true)}>
              Take them away …
            </button>
          )}
        </div>
      )}
      {isNarrowing && <Narrow apiKey={apiKey} close={() => setNarrowing(false)} />}
    </section>
  );
}

function Narrow({ apiKey, close }: { apiKey: ShownKey; close: () => void }) {
  const { id, version, scopes, unusedScopes } = apiKey;
  const { run, isRunning, failure } = useAct(UpdateKeyDocument);
  const left = scopes.filter((scope) => !unusedScopes.includes(scope));
  const narrow = async () => {
    const { data } = await run({ input: { id, expectedVersion: version, scopes: left } });
    if (data?.updateApiKey) close();
  };
  return (
    <Window title="Take unused scopes away" close={close}>
      <p>
        From the next request on the key can no longer use <code>{unusedScopes.join(', ')}</code>. It keeps{' '}
        <code>{left.join(', ')}</code>.
      </p>
      <WindowActions
        failure={failure}
        cancel="Leave them"
        close={close}
        action="Take them away"
        isDisabled={isRunning}
        act={narrow}
      />
    </Window>
  );
}
