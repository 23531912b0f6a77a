import { lazy } from 'react';
import { BrowserRouter, Navigate, Route, Routes } from 'react-router';
import { SessionGate } from './session/session-gate.js';
import { NotFoundPage } from './shell/not-found-page.js';
import { ForAdmins } from './shell/for-admins.js';
import { Shell } from './shell/shell.js';

/** Each page is loaded when it is opened first. */
const KeysPage = lazy(() => import('./pages/keys/keys-page.js').then((page) => ({ default: page.KeysPage })));
const NewKeyPage = lazy(() => import('./pages/new-key/new-key-page.js').then((page) => ({ default: page.NewKeyPage })));
const KeyPage = lazy(() => import('./pages/key/key-page.js').then((page) => ({ default: page.KeyPage })));
const RequestsPage = lazy(() =>
  import('./pages/requests/requests-page.js').then((page) => ({ default: page.RequestsPage })),
);
const RequestPage = lazy(() =>
  import('./pages/request/request-page.js').then((page) => ({ default: page.RequestPage })),
);
const PolicyPage = lazy(() => import('./pages/policy/policy-page.js').then((page) => ({ default: page.PolicyPage })));
const AuditPage = lazy(() => import('./pages/audit/audit-page.js').then((page) => ({ default: page.AuditPage })));
const WebhooksPage = lazy(() =>
  import('./pages/webhooks/webhooks-page.js').then((page) => ({ default: page.WebhooksPage })),
);
const WebhookPage = lazy(() =>
  import('./pages/webhook/webhook-page.js').then((page) => ({ default: page.WebhookPage })),
);
const PeoplePage = lazy(() => import('./pages/people/people-page.js').then((page) => ({ default: page.PeoplePage })));
const PersonPage = lazy(() => import('./pages/person/person-page.js').then((page) => ({ default: page.PersonPage })));
const ScopesPage = lazy(() => import('./pages/scopes/scopes-page.js').then((page) => ({ default: page.ScopesPage })));

export function App() {
  return (
    <BrowserRouter basename="/console">
      <SessionGate>
        <Routes>
          <Route element={<Shell />}>
            <Route index element={<Navigate replace to="/keys" />} />
            <Route path="keys" element={<KeysPage />} />
            <Route path="keys/new" element={<NewKeyPage />} />
            <Route path="keys/:id" element={<KeyPage />} />
            <Route element={<ForAdmins />}>
              <Route path="requests" element={<RequestsPage />} />
              <Route path="requests/:id" element={<RequestPage />} />
              <Route path="policy" element={<PolicyPage />} />
              <Route path="audit" element={<AuditPage />} />
              <Route path="webhooks" element={<WebhooksPage />} />
              <Route path="webhooks/:id" element={<WebhookPage />} />
              <Route path="people" element={<PeoplePage />} />
              <Route path="people/:id" element={<PersonPage />} />
            </Route>
            <Route path="scopes" element={<ScopesPage />} />
            <Route path="*" element={<NotFoundPage />} />
          </Route>
        </Routes>
      </SessionGate>
    </BrowserRouter>
  );
}
