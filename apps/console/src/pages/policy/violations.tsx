import { Link } from 'react-router';
import type { ViolationFragment } from '../../generated/graphql.js';
import { Time } from '../../shared/time.js';

const RULES: Readonly<Record<string, string>> = {
  requireExpiry: 'it never expires',
  maxLifetimeDays: 'it is too old',
  maxInactiveDays: 'it was not used for too long',
  allowedScopes: 'scopes are cut',
  allowedCidrs: 'its networks are not within those allowed',
  maxKeysPerOwner: 'its owner has too many',
};
const MOST = 100;

/** The keys from which these rules take something. */
export function Violations({ violations }: { violations: readonly ViolationFragment[] }) {
  if (violations.length === 0)
    return (
      <p className="notice notice-good" role="status">
        No key would be blocked or cut.
      </p>
    );
  return (
    <section className="notice notice-warn" role="status" aria-label="Preview">
      <div className="notice-text">
        <strong>
          {violations.length === MOST
            ? `${MOST} keys or more`
            : violations.length === 1
              ? '1 key'
              : `${violations.length} keys`}{' '}
          would be blocked or cut:
        </strong>
        <ul>
          {violations.map(({ apiKey, rules }) => (
            <li key={apiKey.id}>
              <Link to={`/keys/${apiKey.id}`}>{apiKey.name}</Link> of {apiKey.owner.name}, last used{' '}
              <Time at={apiKey.lastUsedAt} never="never" />: {rules.map((rule) => RULES[rule] ?? rule).join(', ')}
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}
