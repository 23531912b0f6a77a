import type { GivenTenant, GivenUser } from '../support/given.js';
import { askKeys } from '../support/key-operations.js';
import { makeOwnKey, setMemberKeys } from '../support/members.js';
import { ConsoleBench } from './console.js';

let bench: ConsoleBench;
let tenant: GivenTenant;
let admin: GivenUser;
let member: GivenUser;
beforeAll(async () => {
  bench = await ConsoleBench.start();
});
beforeEach(async () => {
  tenant = await bench.api.given.tenant();
  admin = await bench.api.given.admin(tenant);
  member = await bench.api.given.user({ tenant, role: 'OPERATOR' });
  await setMemberKeys(bench.api, tenant, 'APPROVAL');
});
afterAll(() => bench.stop());
afterEach(() => bench.closeVisits());

const scopes = ['devices:read', 'config:read', 'config:write'];

async function shown(id: string) {
  const query = `query ($id: ID!) { apiKey(id: $id) { status scopes allowedCidrs revocationNote } }`;
  return (await bench.api.query(query, { session: member.session, variables: { id } })).at('apiKey');
}

describe('requests for keys in the console', () => {
  it('an admin approves less than a member asked for, and the key works with what is left from the next request on', async () => {
    const { id, secret } = await makeOwnKey(bench.api, member, { name: 'wants much', scopes, reason: 'Nightly copy' });
    expect((await bench.ask(secret)).reason).toBe('PENDING_KEY');
    const { page } = await bench.withSession(admin.session, '/console/keys');
    await page.getByRole('button', { name: '1 Waiting for approval' }).click();
    await page.getByRole('link', { name: 'Answer the requests' }).click();
    await page.getByText('Nightly copy').waitFor();
    await page.getByRole('link', { name: 'wants much' }).click();
    await page.getByText('The role opens also, and it was not asked').waitFor();
    await page.getByText('There is no other active key').first().waitFor();
    await page.getByRole('checkbox', { name: 'config:write' }).uncheck();
    await page.getByLabel('Networks').fill('127.0.0.1/32');
    await page.getByRole('button', { name: 'Approve, narrowed' }).click();
    await page.getByText('No answer is waited for').waitFor();
    expect(await shown(id)).toMatchObject({
      status: 'ACTIVE',
      scopes: ['devices:read', 'config:read'],
      allowedCidrs: ['127.0.0.1/32'],
    });
    expect((await bench.ask(secret)).status).toBe(200);
    await page.getByRole('link', { name: 'Open the key' }).click();
    await page.getByText(`by ${admin.email}`).first().waitFor();
    await page.getByRole('heading', { name: 'Timeline' }).waitFor();
    await page.getByText('Approved by').waitFor();
  });

  it('the form of an approval shows at each field what is wider than the request', async () => {
    const { id } = await makeOwnKey(bench.api, member, { scopes, allowedCidrs: ['10.0.0.0/8'] });
    const { page } = await bench.withSession(admin.session, `/console/requests/${id}`);
    await page.getByLabel('Networks').fill('192.168.0.0/16');
    await page.getByRole('button', { name: 'Approve, narrowed' }).click();
    await page.getByText('Is wider than the request').waitFor();
    expect(await page.getByLabel('Networks').getAttribute('aria-invalid')).toBe('true');
    expect(await shown(id)).toMatchObject({ status: 'PENDING' });
  });

  it('a request that its member changed meanwhile is not approved: the admin sees the difference first', async () => {
    const { id } = await makeOwnKey(bench.api, member, { name: 'moving', scopes: ['devices:read'] });
    const { page } = await bench.withSession(admin.session, `/console/requests/${id}`);
    const approve = page.getByRole('button', { name: 'Approve as asked' });
    await approve.waitFor();
    await askKeys(bench.api, 'updateApiKey', { input: { id, scopes: ['devices:read', 'config:write'] } }, member);
    await approve.click();
    await page.getByText('Changed since you opened it').waitFor();
    await page.getByRole('cell', { name: 'config:write, devices:read' }).waitFor();
    expect(await shown(id)).toMatchObject({ status: 'PENDING' });
    await page.getByRole('button', { name: 'Go on with what is asked now' }).click();
    await approve.click();
    await page.getByText('No answer is waited for').waitFor();
    expect(await shown(id)).toMatchObject({ status: 'ACTIVE', scopes: ['devices:read', 'config:write'] });
  });

  it('an admin rejects a request with a note; the key never works, and its member reads the note', async () => {
    const { id, secret } = await makeOwnKey(bench.api, member, { name: 'not needed', scopes });
    const { page } = await bench.withSession(admin.session, '/console/requests');
    await page.getByRole('link', { name: 'not needed' }).click();
    await page.getByRole('button', { name: 'Reject …' }).click();
    await page.getByLabel('Note that').fill('Use the shared one');
    await page.getByRole('button', { name: 'Reject the request' }).click();
    await page.getByText('No answer is waited for').waitFor();
    await page.getByRole('link', { name: 'see the other requests' }).click();
    await page.getByRole('heading', { name: 'No request waits' }).waitFor();
    expect(await bench.ask(secret)).toMatchObject({ status: 401, reason: 'REVOKED_KEY' });
    const other = await bench.withSession(member.session, `/console/keys/${id}`);
    await other.page.getByText('Use the shared one').first().waitFor();
    await other.page.getByText('Rejected by').waitFor();
  });

  it('a request that another admin has answered meanwhile is shown as answered', async () => {
    const { id } = await makeOwnKey(bench.api, member, { scopes });
    const { page } = await bench.withSession(admin.session, `/console/requests/${id}`);
    const approve = page.getByRole('button', { name: 'Approve as asked' });
    await approve.waitFor();
    await askKeys(bench.api, 'rejectApiKey', { id }, await bench.api.given.admin(tenant));
    await approve.click();
    await page.getByText('the key is in the state “Revoked”').waitFor();
  });

  it('an admin lets members make keys without approval; the preview says what changes before it is saved', async () => {
    await makeOwnKey(bench.api, member, { scopes });
    const { page } = await bench.withSession(admin.session, '/console/policy');
    const choice = page.getByRole('group', { name: 'May members make keys of their own?' });
    await choice.waitFor();
    expect(await choice.getByLabel('Yes, and an admin approves each').isChecked()).toBe(true);
    await choice.getByLabel('Yes, without approval').check();
    await page.getByRole('button', { name: 'Preview what this would block' }).click();
    await page.getByText('From now on members make and widen keys').waitFor();
    await page.getByText('One request still waits').waitFor();
    await page.getByText('No key would be blocked or cut').waitFor();
    expect((await makeOwnKey(bench.api, member)).status).toBe('PENDING');
    await page.getByRole('button', { name: 'Save the policy' }).click();
    await page.getByText('just now').waitFor();
    expect((await makeOwnKey(bench.api, member)).status).toBe('ACTIVE');
  });
});
