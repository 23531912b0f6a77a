import { Building2 } from 'lucide-react';
import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { session } from '../session/session.js';
import { Field } from '../shared/field.js';
import { Form } from '../shared/form.js';
import { Page } from '../shared/page.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * A super admin works in one tenant at a time. The API lists no tenants: an id comes from the command line.
 * @param refused the id that was chosen, and of which there is no tenant
 */
export function TenantChoice({ refused }: { refused?: string | undefined }) {
  const [text, setText] = useState(refused ?? '');
  const [wrong, setWrong] = useState(refused === undefined ? undefined : 'There is no tenant with this id.');
  const choose = () => {
    const id = text.trim().toLowerCase();
    if (UUID.test(id)) session.chooseTenant(id);
    else setWrong(id === '' ? 'Type the id of a tenant.' : NO_ID);
  };
  const tenants = session.tenants().filter(({ id }) => id !== refused);
  return (
    <Page
      title="Choose a tenant"
      lead="You work for the platform: everything below happens in the tenant that you choose."
    >
      {tenants.length > 0 && (
        <section className="card" aria-labelledby="recent">
          <h2 id="recent">Since you signed in</h2>
          <ul className="people">
            {tenants.map(({ id, name }) => (
              <li key={id}>
                <Button className="button person" onPress={() => session.chooseTenant(id)}>
                  <strong>{name}</strong>
                  <code className="quiet">{id}</code>
                </Button>
              </li>
            ))}
          </ul>
        </section>
      )}
      <Form submit={choose}>
        <Field
          label="Id of the tenant"
          wrong={wrong === undefined ? [] : [wrong]}
          help={
            <>
              A UUID. <code>npm run portal -- tenants list</code> prints the id of every tenant.
            </>
          }
        >
          {(attributes) => (
            <input
              {...attributes}
              className="code"
              value={text}
              placeholder="0198c0de-0000-7000-8000-000000000000"
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => {
                setText(event.target.value);
                setWrong(undefined);
              }}
            />
          )}
        </Field>
        <div className="actions">
          <button type="submit" className="button button-primary">
            Work in this tenant
          </button>
        </div>
      </Form>
    </Page>
  );
}

const NO_ID =
  'This is no id of a tenant: an id has 32 digits and letters from a to f, in five groups with a - between.';

/** Back to the choice. */
export function LeaveTenant() {
  return (
    <Button className="button button-quiet" onPress={() => session.chooseTenant(undefined)}>
      <Building2 aria-hidden /> <span className="wide">Change tenant</span>
    </Button>
  );
}
