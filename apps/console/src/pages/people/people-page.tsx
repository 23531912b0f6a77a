import { Link } from 'react-router';
import { FailureNotice, Skeleton } from '../../api/answered.js';
import { Page } from '../../shared/page.js';
import { TableHead } from '../../shared/table-head.js';
import { useUsers } from '../../shared/use-users.js';
import { KIND_WORDS, ROLE_WORDS } from '../../shared/words.js';

/** The people and service accounts of the tenant; each leads to its keys. */
export function PeoplePage() {
  const { users, failure, reload } = useUsers();
  return (
    <Page
      title="People and service accounts"
      lead="A key never does more than its owner's role may, now and at every use."
    >
      {failure && <FailureNotice failure={failure} retry={reload} />}
      {!users && !failure && <Skeleton rows={5} />}
      {users && (
        <table className="table">
          <TableHead names={['Name', 'Kind', 'Role', 'State']} />
          <tbody>
            {users.map(({ id, name, email, kind, role, isActive }) => (
              <tr key={id}>
                <td className="key-name">
                  <Link to={`/people/${id}`}>{name}</Link>
                  {email !== name && <span className="quiet">{email}</span>}
                </td>
                <td data-label="Kind">{KIND_WORDS[kind]}</td>
                <td data-label="Role">{ROLE_WORDS[role]}</td>
                <td data-label="State">
                  <span className={`badge badge-${isActive ? 'good' : 'warn'}`}>
                    {isActive ? 'Active' : 'Not active'}
                  </span>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Page>
  );
}
