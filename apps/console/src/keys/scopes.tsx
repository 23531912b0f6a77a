const SHOWN = 2;

/** Some of the scopes, and how many more there are; those that do not work now are struck out. */
export function Scopes({
  scopes,
  effective,
  shown = SHOWN,
}: {
  scopes: readonly string[];
  effective: readonly string[];
  shown?: number;
}) {
  const more = scopes.slice(shown);
  return (
    <ul className="chips">
      {scopes.slice(0, shown).map((scope) => (
        <li key={scope} className={effective.includes(scope) ? undefined : 'cut'}>
          <code>{scope}</code>
        </li>
      ))}
      {more.length > 0 && <li title={more.join(', ')}>+{more.length}</li>}
    </ul>
  );
}
