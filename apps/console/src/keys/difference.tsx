import { TableHead } from '../shared/table-head.js';
import type { KeyEdit } from './edit.js';
import { valueOf } from './event.js';

const MEMBERS: readonly [keyof KeyEdit, string][] = [
  ['name', 'Name'],
  ['description', 'Description'],
  ['expires', 'Expires'],
  ['networks', 'Networks'],
  ['limit', 'Requests at most'],
  ['windowSeconds', 'In seconds'],
  ['metadata', 'Metadata'],
  ['scopes', 'Scopes'],
];

const text = (of: KeyEdit, name: keyof KeyEdit): string =>
  valueOf(name === 'scopes' ? [...of.scopes].sort() : of[name]);

/** The members of a key that are not the same in each of the columns. */
export function Difference({ columns }: { columns: readonly (readonly [words: string, edit: KeyEdit])[] }) {
  const rows = MEMBERS.filter(([name]) => new Set(columns.map(([, edit]) => text(edit, name))).size > 1);
  return (
    <table className="table difference">
      <TableHead names={['What', ...columns.map(([words]) => words)]} />
      <tbody>
        {rows.map(([name, words]) => (
          <tr key={name}>
            <th scope="row">{words}</th>
            {columns.map(([column, edit]) => (
              <td key={column} data-label={column}>
                {text(edit, name)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
