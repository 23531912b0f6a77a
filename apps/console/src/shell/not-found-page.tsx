import { Link } from 'react-router';
import { Page } from '../shared/page.js';

export function NotFoundPage() {
  return (
    <Page title="No such page">
      <p>
        There is nothing at this address. <Link to="/">Go to the first page</Link>
      </p>
    </Page>
  );
}
