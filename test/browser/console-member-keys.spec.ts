import { inDays } from '../support/durations.js';
import type { GivenTenant } from '../support/given.js';
import { askKeys } from '../support/key-operations.js';
import { approve, makeOwnKey, type MemberKeys, setMemberKeys } from '../support/members.js';
import { ConsoleBench, PEOPLE, requireSound, secretOf, storeSecret } from './console.js';

let bench: ConsoleBench;
let tenant: GivenTenant;
beforeAll(async () => {
  bench = await ConsoleBench.start();
});
beforeEach(async () => {
  tenant = await bench.api.given.tenant();
});
afterAll(() => bench.stop());
afterEach(() => bench.closeVisits());

async function memberOf(memberKeys: MemberKeys) {
  await setMemberKeys(bench.api, tenant, memberKeys);
  return bench.api.given.user({ tenant, role: 'OPERATOR' });
}

describe('keys of members in the console', () => {
  it('a member asks for a key by a link with a note, and the secret comes with the words that it opens nothing yet', async () => {
    const member = await memberOf('APPROVAL');
    const link = '/console/keys/new?name=Backup%20job&scopes=config:read&expires=30d&note=Copies%20the%20configuration';
    const { page } = await bench.withSession(member.session, link);
    await page.getByRole('group', { name: 'config' }).waitFor();
    expect(await page.getByRole('textbox', { name: 'Name', exact: true }).inputValue()).toBe('Backup job');
    expect(await page.getByLabel('Why you need it').inputValue()).toBe('Copies the configuration');
    expect(await page.getByLabel('Owner').isDisabled()).toBe(true);
    expect(await page.getByRole('group', { name: 'config' }).getByLabel('Read', { exact: true }).isChecked()).toBe(
      true,
    );
    await page.getByRole('button', { name: 'Make the key' }).click();
    const dialog = page.getByRole('dialog', { name: 'The key is requested' });
    await dialog.getByText('The key opens nothing until an admin approves it').waitFor();
    await requireSound(page);
    const secret = await secretOf(page);
    expect(await bench.ask(secret)).toMatchObject({ status: 401, reason: 'PENDING_KEY' });
    await storeSecret(page);
    await page.getByText('This key waits for the approval of an admin').waitFor();
    await page.getByText('Copies the configuration', { exact: true }).first().waitFor();
    expect(await page.getByRole('button', { name: 'Rotate …' }).isDisabled()).toBe(true);
    expect(await page.getByRole('button', { name: 'Transfer …' }).count()).toBe(0);
    await requireSound(page);
    await page.getByRole('link', { name: 'Keys', exact: true }).click();
    await page.getByRole('button', { name: '1 Waiting for approval' }).click();
    await page.getByText('an admin has not approved it yet, and it opens nothing').waitFor();
    await requireSound(page);
  });

  it("a member's pages never show the keys of others, and never ask what only admins may see", async () => {
    const member = await memberOf('ALLOWED');
    await makeOwnKey(bench.api, member, { name: 'my own' });
    await bench.api.given.apiKey({ tenant, name: 'not mine' });
    const { page } = await bench.withSession(member.session, '/console/keys?state=all');
    const refused: number[] = [];
    page.on('response', (response) => void (response.status() >= 400 && refused.push(response.status())));
    await page.getByRole('link', { name: 'my own' }).waitFor();
    await page.getByRole('button', { name: '1 Active' }).waitFor();
    expect(await page.locator('.key-name a').allInnerTexts()).toEqual(['my own']);
    await page.getByRole('link', { name: 'my own' }).click();
    await page.getByText('Timeline').waitFor();
    await page.getByRole('button', { name: 'Change …' }).click();
    await page.getByRole('dialog').getByText('devices', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Rotate …' }).click();
    await page.getByText('The policy of the tenant may end the overlap earlier').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('link', { name: 'Duplicate …' }).click();
    await page.getByLabel('Why you need it').waitFor();
    expect(refused).toEqual([]);
  });

  it('the address of a key of another user shows no key to a member', async () => {
    const member = await memberOf('ALLOWED');
    const other = await bench.api.given.apiKey({ tenant, name: 'not mine' });
    const { page } = await bench.withSession(member.session, `/console/keys/${other.id}`);
    await page.getByRole('heading', { name: 'No such key' }).waitFor();
    expect(await page.content()).not.toContain('not mine');
  });

  it('a member whose policy allows no keys of members reads so in place of the form, and keeps the keys it has', async () => {
    const member = await memberOf('ALLOWED');
    const { secret } = await makeOwnKey(bench.api, member, { name: 'from before' });
    await setMemberKeys(bench.api, tenant, 'NONE');
    const { page } = await bench.withSession(member.session, '/console/keys');
    await page.getByText('does not let members make keys of their own').waitFor();
    await page.getByRole('link', { name: 'from before' }).waitFor();
    expect(await page.getByRole('link', { name: 'New key' }).count()).toBe(0);
    await requireSound(page);
    await page.getByRole('link', { name: 'from before' }).click();
    await page.getByRole('link', { name: 'Duplicate …' }).click();
    await page.getByText('does not let members make keys of their own').waitFor();
    expect(await page.getByRole('button', { name: 'Make the key' }).count()).toBe(0);
    await page.evaluate('history.back()');
    await page.getByRole('button', { name: 'Revoke …' }).click();
    await page.getByRole('button', { name: 'Revoke this key' }).click();
    await page.getByText('nobody needed it').first().waitFor();
    expect((await bench.ask(secret)).reason).toBe('REVOKED_KEY');
  });

  it('an approved key is not widened by its owner: the console says why, and leads to a request with what was typed', async () => {
    const member = await memberOf('APPROVAL');
    const key = await makeOwnKey(bench.api, member, { name: 'approved', scopes: ['devices:read'] });
    await approve(bench.api, await bench.api.given.admin(tenant), key);
    const { page } = await bench.withSession(member.session, `/console/keys/${key.id}`);
    await page.getByRole('button', { name: 'Change …' }).click();
    await page.getByRole('group', { name: 'config' }).getByLabel('Read', { exact: true }).check();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('you can narrow it and not widen it').waitFor();
    await requireSound(page);
    await page.getByRole('link', { name: 'Ask for another key' }).click();
    await page.getByRole('group', { name: 'config' }).waitFor();
    expect(await page.getByRole('group', { name: 'config' }).getByLabel('Read', { exact: true }).isChecked()).toBe(
      true,
    );
    expect(await page.getByRole('textbox', { name: 'Name', exact: true }).inputValue()).toBe('approved');
  });

  it('what an admin has suspended only an admin resumes: the console says so to the owner of the key', async () => {
    const member = await memberOf('ALLOWED');
    const { id } = await makeOwnKey(bench.api, member, { name: 'held' });
    await askKeys(bench.api, 'suspendApiKey', { id }, await bench.api.given.admin(tenant));
    const { page } = await bench.withSession(member.session, `/console/keys/${id}`);
    await page.getByRole('button', { name: 'Resume' }).click();
    await page.getByText('only an administrator may resume it').waitFor();
  });

  it('"Duplicate" fills the form of a new key like the key, its length of life and its metadata included', async () => {
    const admin = await bench.api.given.admin(tenant);
    const members = {
      name: 'original',
      description: 'Copies the configuration',
      scopes: ['config:read', 'devices:read'],
      allowedCidrs: ['10.1.0.0/16', '10.2.0.0/16'],
      rateLimit: { limit: 90, windowSeconds: 45 },
      metadata: { team: 'core' },
    };
    const { id } = await makeOwnKey(bench.api, admin, { ...members, expiresAt: inDays(30) });
    const { page } = await bench.withSession(admin.session, `/console/keys/${id}`);
    await page.getByRole('link', { name: 'Duplicate …' }).click();
    await page.getByRole('group', { name: 'devices' }).waitFor();
    expect(await page.getByLabel('30 days').isChecked()).toBe(true);
    await page.getByRole('button', { name: 'Make the key' }).click();
    await page.getByRole('dialog', { name: 'The key is made' }).waitFor();
    const keys = await bench.api.query(
      `{ apiKeys { nodes { name description scopes allowedCidrs rateLimit { limit windowSeconds } metadata owner { id } } } }`,
      { session: admin.session },
    );
    const [copy, original] = keys.at<unknown[]>('apiKeys.nodes');
    expect(copy).toEqual(original);
    expect(copy).toMatchObject(members);
    await storeSecret(page);
  });

  it("the form of an admin takes the note of a link as the description, and has no field for a member's reason", async () => {
    const { page } = await bench.as(PEOPLE.admin, '/console/keys/new?scopes=devices:read&note=For%20Grafana');
    await page.getByRole('group', { name: 'devices' }).waitFor();
    expect(await page.getByLabel('Description').inputValue()).toBe('For Grafana');
    expect(await page.getByLabel('Why you need it').count()).toBe(0);
  });
});
