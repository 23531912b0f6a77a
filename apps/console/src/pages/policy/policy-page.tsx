import { useState } from 'react';
import { Answered, FailureNotice } from '../../api/answered.js';
import type { Failure } from '../../api/failure.js';
import { useAct, useAnswer, useAsk } from '../../api/operations.js';
import {
  KeyPolicyDocument,
  PolicyPreviewDocument,
  SetPolicyDocument,
  type ViolationFragment,
} from '../../generated/graphql.js';
import { Form } from '../../shared/form.js';
import type { Policy } from '../../keys/policy.js';
import { Page } from '../../shared/page.js';
import { Time } from '../../shared/time.js';
import { MemberKeysPreview } from './member-keys.js';
import { draftOf, type PolicyDraft, policyInputOf } from './policy-draft.js';
import { PolicyForm } from './policy-form.js';
import { Violations } from './violations.js';

/** The tenant's own rules for keys, and what a change of them would take away, before it is saved. */
export function PolicyPage() {
  const answer = useAnswer(KeyPolicyDocument, {});
  return (
    <Page
      title="Policy"
      lead="The rules of this tenant for its keys. A key that breaks one is blocked, not destroyed: it works again once it does not."
    >
      <Answered answer={answer}>
        {({ apiKeyPolicy }) => (
          <>
            <p className="quiet">
              Last changed: <Time at={apiKeyPolicy.updatedAt} never="never, these are the defaults" />
            </p>
            <Rules key={apiKeyPolicy.updatedAt ?? ''} policy={apiKeyPolicy} />
          </>
        )}
      </Answered>
    </Page>
  );
}

interface Preview {
  /** Of which rules: another draft needs another preview. */
  draft: PolicyDraft;
  violations: readonly ViolationFragment[];
}

function Rules({ policy }: { policy: Policy }) {
  const [draft, setDraft] = useState(() => draftOf(policy));
  const [preview, setPreview] = useState<Preview>();
  const [unseen, setUnseen] = useState<Failure>();
  const { run, isRunning, failure } = useAct(SetPolicyDocument);
  const ask = useAsk();
  const showPreview = async () => {
    const { data, failure } = await ask(PolicyPreviewDocument, { input: policyInputOf(draft) });
    setUnseen(failure);
    setPreview(data && { draft, violations: data.apiKeyPolicyPreview });
  };
  const isSeen = preview?.draft === draft;
  const wrong = failure ?? unseen;
  return (
    <Form submit={() => void (isSeen ? run({ input: policyInputOf(draft) }) : showPreview())}>
      <PolicyForm draft={draft} change={(change) => setDraft({ ...draft, ...change })} failure={wrong} />
      {wrong && <FailureNotice failure={wrong} />}
      {isSeen && <MemberKeysPreview before={policy.memberKeys} after={draft.memberKeys} />}
      {isSeen && <Violations violations={preview.violations} />}
      <div className="actions">
        <button
          type="button"
          className={isSeen ? 'button' : 'button button-primary'}
          onClick={() => void showPreview()}
        >
          Preview what this would block
        </button>
        <button
          type="button"
          className={isSeen ? 'button button-primary' : 'button'}
          disabled={!isSeen || isRunning}
          onClick={() => void run({ input: policyInputOf(draft) })}
        >
          Save the policy
        </button>
        {!isSeen && <p className="help">The policy can be saved once its preview was seen.</p>}
      </div>
    </Form>
  );
}
