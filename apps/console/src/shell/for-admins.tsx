import { Outlet } from 'react-router';
import { FailureNotice } from '../api/answered.js';
import { forbidden } from '../api/failure.js';
import { Page } from '../shared/page.js';
import { isAdmin, useViewer } from './viewer.js';

/** Pages of tenant admins. Nobody else's browser asks for what is on them. */
export function ForAdmins() {
  if (isAdmin(useViewer())) return <Outlet />;
  return (
    <Page title="For admins">
      <FailureNotice failure={forbidden('ROLE_REQUIRED')} />
    </Page>
  );
}
