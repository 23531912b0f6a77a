import { Building2 } from 'lucide-react';
import { Button } from 'react-aria-components/Button';
import { session } from '../session/session.js';
import { Page } from '../shared/page.js';

const UUID = '[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}';

/** A super admin works in one tenant at a time. The API lists no tenants: an id comes from the command line. */
export function TenantChoice() {
  return (
    <Page
      title="Choose a tenant"
      lead="You work for the platform: everything below happens in the tenant that you choose."
    >
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          session.chooseTenant(String(new FormData(event.currentTarget).get('tenant')).trim().toLowerCase());
        }}
      >
        <div className="field">
          <label htmlFor="tenant">Id of the tenant</label>
          <input
            id="tenant"
            name="tenant"
            required
            pattern={UUID}
            autoComplete="off"
            spellCheck={false}
            aria-describedby="tenant-help"
          />
          <p id="tenant-help" className="help">
            A UUID, as <code>npm run portal -- tenants list</code> prints it.
          </p>
        </div>
        <button type="submit" className="button button-primary">
          Work in this tenant
        </button>
      </form>
    </Page>
  );
}

/** Back to the choice. */
export function LeaveTenant() {
  return (
    <Button className="button button-quiet" onPress={() => session.chooseTenant(undefined)}>
      <Building2 aria-hidden /> Change tenant
    </Button>
  );
}
