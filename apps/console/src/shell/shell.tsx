import { Inbox, KeyRound, ListChecks, LogOut, ScrollText, Shield, Telescope, Users, Webhook } from 'lucide-react';
import { Suspense, useEffect } from 'react';
import { Button } from 'react-aria-components/Button';
import { NavLink, Outlet } from 'react-router';
import { Answered, Skeleton } from '../api/answered.js';
import { useAnswer } from '../api/operations.js';
import { ViewerDocument, type ViewerQuery } from '../generated/graphql.js';
import { session } from '../session/session.js';
import { signOut } from '../session/sign-in.js';
import { settings } from '../settings.js';
import { ROLE_WORDS } from '../shared/words.js';
import { LeaveTenant, TenantChoice } from './tenant-choice.js';
import { ViewerContext } from './viewer.js';

/** In the order in which they are needed. Members see the pages that show them their own. */
const PAGES = [
  { path: '/keys', name: 'Keys', Icon: KeyRound, isForAdmins: false },
  { path: '/requests', name: 'Requests', Icon: Inbox, isForAdmins: true },
  { path: '/policy', name: 'Policy', Icon: Shield, isForAdmins: true },
  { path: '/audit', name: 'Audit trail', Icon: ScrollText, isForAdmins: true },
  { path: '/webhooks', name: 'Webhooks', Icon: Webhook, isForAdmins: true },
  { path: '/people', name: 'People', Icon: Users, isForAdmins: true },
  { path: '/scopes', name: 'Scopes', Icon: ListChecks, isForAdmins: false },
];

/** What stands around every page. */
export function Shell() {
  const answer = useAnswer(ViewerDocument, {});
  return (
    <div className="shell">
      <a className="skip" href="#page">
        Skip to the page
      </a>
      <header className="bar">
        <NavLink to="/" className="brand">
          <KeyRound aria-hidden /> Latchkey
        </NavLink>
        {answer.data && <Who viewer={answer.data.viewer} />}
      </header>
      {answer.data && <Navigation role={answer.data.viewer.user.role} />}
      <main id="page" tabIndex={-1}>
        {answer.failure?.reason === 'WRONG_TENANT' ? (
          <TenantChoice refused={session.snapshot().tenantId} />
        ) : (
          <Answered answer={answer}>
            {({ viewer }) => (
              <ViewerContext value={viewer}>
                {viewer.tenant === null ? <TenantChoice /> : <OpenPage viewer={viewer} />}
              </ViewerContext>
            )}
          </Answered>
        )}
      </main>
    </div>
  );
}

function OpenPage({ viewer: { user, tenant } }: { viewer: ViewerQuery['viewer'] }) {
  const isOfPlatform = user.role === 'SUPER_ADMIN';
  useEffect(() => {
    if (isOfPlatform && tenant) session.noteTenant(tenant);
  }, [isOfPlatform, tenant]);
  return (
    <Suspense fallback={<Skeleton rows={6} />}>
      <Outlet />
    </Suspense>
  );
}

function Navigation({ role }: { role: ViewerQuery['viewer']['user']['role'] }) {
  const isAdmin = role === 'TENANT_ADMIN' || role === 'SUPER_ADMIN';
  return (
    <nav className="nav" aria-label="Pages">
      {PAGES.filter(({ isForAdmins }) => isAdmin || !isForAdmins).map(({ path, name, Icon }) => (
        <NavLink key={path} to={path}>
          <Icon aria-hidden /> {name}
        </NavLink>
      ))}
      {settings.hasExplorer && (
        <a href="/graphql" target="_blank" rel="noreferrer">
          <Telescope aria-hidden /> Explore
        </a>
      )}
    </nav>
  );
}

function Who({ viewer: { user, tenant } }: { viewer: ViewerQuery['viewer'] }) {
  return (
    <div className="who">
      <span>
        <strong>{user.name}</strong>
        <span className="quiet">
          {ROLE_WORDS[user.role]}
          {tenant && `, ${tenant.name}`}
        </span>
      </span>
      {user.role === 'SUPER_ADMIN' && <LeaveTenant />}
      <Button className="button button-quiet" onPress={() => void signOut()}>
        <LogOut aria-hidden /> <span className="wide">Sign out</span>
      </Button>
    </div>
  );
}
