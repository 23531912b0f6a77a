import { useState } from 'react';
import { FailureNotice } from '../../api/answered.js';
import type { Failure } from '../../api/failure.js';
import { useAsk } from '../../api/operations.js';
import { RequiredScopesDocument, type RequiredScopesQuery } from '../../generated/graphql.js';
import { TextArea } from '../../shared/text-area.js';

type Required = RequiredScopesQuery['requiredScopes'];

/** The least scopes for what a script will send. */
export function PastedOperation({ take }: { take: (scopes: readonly string[]) => void }) {
  const ask = useAsk();
  const [document, setDocument] = useState('');
  const [required, setRequired] = useState<Required>();
  const [failure, setFailure] = useState<Failure>();
  const find = async () => {
    const { data, failure } = await ask(RequiredScopesDocument, { document });
    setRequired(data?.requiredScopes);
    setFailure(failure);
    if (data?.requiredScopes.availableToApiKeys) take(data.requiredScopes.scopes);
  };
  return (
    <details className="pasted-operation">
      <summary>Paste a GraphQL operation, and take the least scopes for it</summary>
      <TextArea
        label="Operation"
        help="It is not run: the portal only shows what it would need."
        value={document}
        change={setDocument}
        isCode
        rows={5}
      />
      <button type="button" className="button" disabled={document.trim() === ''} onClick={() => void find()}>
        Take its scopes
      </button>
      {failure && <FailureNotice failure={failure} />}
      {required && <Found required={required} />}
    </details>
  );
}

function Found({ required: { availableToApiKeys, scopes, fields } }: { required: Required }) {
  const closed = fields.filter(({ sessionOnly }) => sessionOnly);
  if (!availableToApiKeys)
    return (
      <p className="notice notice-warn" role="status">
        No key can run this: {closed.map(({ coordinate }) => coordinate).join(', ')}{' '}
        {closed.length === 1 ? 'is' : 'are'} for people who are signed in.
      </p>
    );
  return (
    <div className="notice notice-good" role="status">
      <div className="notice-text">
        {scopes.length === 0 ? 'It needs no scope at all.' : `Taken: ${scopes.join(', ')}.`}
        <ul>
          {fields
            .filter((field) => field.scopes.length > 0)
            .map(({ path, coordinate, scopes }) => (
              <li key={path.join('.')}>
                <code>{coordinate}</code> needs {scopes.join(', ')}
              </li>
            ))}
        </ul>
      </div>
    </div>
  );
}
