import { Answered } from '../../api/answered.js';
import { useAnswer } from '../../api/operations.js';
import { ScopesDocument, type ScopesQuery } from '../../generated/graphql.js';
import { Page } from '../../shared/page.js';
import { ROLE_WORDS } from '../../shared/words.js';

/** Every scope: what it is good for, what it opens, and which roles hold it. */
export function ScopesPage() {
  const answer = useAnswer(ScopesDocument, {});
  return (
    <Page
      title="Scopes"
      lead="What a key can be given. A key does what its scopes, its owner's role and the policy have in common."
    >
      <Answered answer={answer}>
        {({ apiScopes }) => apiScopes.map((scope) => <Scope key={scope.name} scope={scope} />)}
      </Answered>
    </Page>
  );
}

function Scope({ scope }: { scope: ScopesQuery['apiScopes'][number] }) {
  return (
    <section className="card">
      <h2>
        <code>{scope.name}</code>
      </h2>
      <p>{scope.description}</p>
      <dl className="facts">
        <dt>Held by</dt>
        <dd>{scope.grantedTo.map((role) => ROLE_WORDS[role]).join(', ')}</dd>
        <dt>You may grant it</dt>
        <dd>{scope.grantableByMe ? 'Yes' : 'No'}</dd>
        <dt>Opens</dt>
        <dd>
          <ul className="chips">
            {scope.opens.map((coordinate) => (
              <li key={coordinate}>
                <code>{coordinate}</code>
              </li>
            ))}
          </ul>
        </dd>
      </dl>
    </section>
  );
}
