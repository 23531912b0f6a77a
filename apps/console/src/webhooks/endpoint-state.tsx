import type { EndpointFragment, WebhookDisabledReason } from '../generated/graphql.js';

const REASONS: Readonly<Record<WebhookDisabledReason, string>> = {
  GONE: 'it answered 410, so the portal stopped sending',
  FAILING: 'every attempt of a delivery failed, so the portal stopped sending',
};

/** Is anything sent, and why not? */
export function EndpointState({ endpoint: { isEnabled, disabledReason } }: { endpoint: EndpointFragment }) {
  return (
    <span className="status">
      <span className={`badge badge-${isEnabled ? 'good' : 'warn'}`}>{isEnabled ? 'Enabled' : 'Disabled'}</span>
      {!isEnabled && (
        <span className="quiet">
          {disabledReason == null ? 'nothing is sent or kept for it' : REASONS[disabledReason]}
        </span>
      )}
    </span>
  );
}
