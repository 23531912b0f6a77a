import type { ScopesQuery, UserRole } from '../generated/graphql.js';
import { ROLE_WORDS } from '../shared/words.js';

type Scope = ScopesQuery['apiScopes'][number];

/** What bounds the scopes beside the catalogue. */
export interface ScopeBounds {
  /** The owner's role; undefined while nobody is chosen. */
  role: UserRole | undefined;
  /** Null: every scope. */
  allowedScopes: readonly string[] | null | undefined;
}

/** Scopes by resource: none, one, or all of them. What cannot be given says why. */
export function ScopePicker({
  catalogue,
  bounds,
  chosen,
  choose,
}: {
  catalogue: readonly Scope[];
  bounds: ScopeBounds;
  chosen: ReadonlySet<string>;
  choose: (chosen: ReadonlySet<string>) => void;
}) {
  const resources = [...new Set(catalogue.map(({ name }) => resourceOf(name)))];
  return (
    <div className="scope-picker">
      {resources.map((resource) => (
        <Resource
          key={resource}
          resource={resource}
          scopes={catalogue.filter(({ name }) => resourceOf(name) === resource)}
          bounds={bounds}
          chosen={chosen}
          choose={choose}
        />
      ))}
    </div>
  );
}

function Resource({
  resource,
  scopes,
  bounds,
  chosen,
  choose,
}: {
  resource: string;
  scopes: readonly Scope[];
  bounds: ScopeBounds;
  chosen: ReadonlySet<string>;
  choose: (chosen: ReadonlySet<string>) => void;
}) {
  const levels = [[], ...scopes.map((scope) => [scope]), ...(scopes.length > 1 ? [scopes] : [])];
  const names = scopes.map(({ name }) => name);
  const current = names.filter((name) => chosen.has(name)).join();
  const reasons = scopes.flatMap((scope) => {
    const reason = refusalOf(scope, bounds);
    return reason === undefined ? [] : [`${scope.name}: ${reason}`];
  });
  return (
    <fieldset className="resource">
      <legend>{resource}</legend>
      <div className="choices">
        {levels.map((given) => {
          const words = wordsOf(given);
          const isRefused = given.some((scope) => refusalOf(scope, bounds) !== undefined);
          const value = given.map(({ name }) => name).join();
          const next = () =>
            new Set([...[...chosen].filter((name) => !names.includes(name)), ...given.map(({ name }) => name)]);
          return (
            <label key={words} className="choice">
              <input
                type="radio"
                name={`scope-${resource}`}
                checked={current === value}
                disabled={isRefused && current !== value}
                onChange={() => choose(next())}
              />
              {words}
            </label>
          );
        })}
      </div>
      <p className="help">{scopes.map(({ description }) => description).join(' ')}</p>
      {reasons.map((reason) => (
        <p key={reason} className="help">
          {reason}
        </p>
      ))}
    </fieldset>
  );
}

/** Why a scope cannot be given to a key of this owner. */
export function refusalOf(scope: Scope, { role, allowedScopes }: ScopeBounds): string | undefined {
  if (allowedScopes && !allowedScopes.includes(scope.name)) return 'the policy of this tenant does not allow it';
  if (!scope.grantableByMe) return 'your own role does not hold it';
  if (role && !scope.grantedTo.includes(role))
    return `the owner is ${ROLE_WORDS[role].toLowerCase()}, a role that does not hold it`;
  return undefined;
}

const resourceOf = (name: string): string => name.slice(0, name.lastIndexOf(':'));

/** `Read and write` for `devices:read` and `devices:write`. */
function wordsOf(scopes: readonly Scope[]): string {
  if (scopes.length === 0) return 'None';
  const words = scopes.map(({ name }) => name.slice(resourceOf(name).length + 1)).join(' and ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
