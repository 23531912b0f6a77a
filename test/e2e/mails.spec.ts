import { randomUUID } from 'node:crypto';
import { TenancyAdministration } from '#tenancy';
import type { GivenUser } from '../support/given.js';
import { askKeys } from '../support/key-operations.js';
import { MailServer } from '../support/mail-server.js';
import { moveEnd, noticeThePast, sweptAgain } from '../support/notices.js';
import { TestPortal } from '../support/test-portal.js';
import { until } from '../support/until.js';
import { WebhookReceiver } from '../support/webhook-receiver.js';
import { makeEndpoint } from '../support/webhooks.js';

const SET = `mutation ($kinds: [NotificationKind!]) { setMyMailPreferences(kinds: $kinds) { kind } }`;
const FROM = 'portal@example.test';
const PUBLIC = 'https://portal.example.com/console';

describe('mails', () => {
  let mails: MailServer;
  let api: TestPortal;
  let second: TestPortal;
  beforeAll(async () => {
    mails = await MailServer.start();
    const webhooks = {
      acceptHttp: true,
      allowedNetworks: ['127.0.0.0/8'],
      pollMs: 20,
      sweepMs: 20,
      mail: { smtpUrl: mails.url, from: `Latchkey <${FROM}>` },
      consoleUrl: PUBLIC,
    };
    api = await TestPortal.start({ config: { webhooks } });
    second = await TestPortal.start({ config: { webhooks }, database: api.database });
    await noticeThePast(api.database);
  });
  afterAll(async () => {
    await second.stop();
    await api.stop();
    await mails.stop();
  });
  afterEach(() => {
    mails.refusal = () => undefined;
  });

  /** A tenant with people who get mail and people who get none. */
  const people = async () => {
    const tenant = await api.given.tenant();
    const [owner, admin, other, former] = [
      await api.given.user({ tenant, role: 'OPERATOR' }),
      await api.given.admin(tenant),
      await api.given.user({ tenant }),
      await api.given.user({ tenant }),
    ];
    const silent = [
      former,
      await api.given.user({ tenant, role: 'VIEWER' }),
      await api.given.user({ tenant, kind: 'SERVICE' }),
      await api.given.user(),
    ];
    await api.app.get(TenancyAdministration, { strict: false }).changeUser(former.email, { isActive: false });
    const key = await api.given.apiKey({ tenant, owner });
    return { tenant, owner, admin, other, silent, key };
  };
  const arrived = (users: GivenUser[], count = 1) =>
    until('the mails have arrived', () => users.every(({ email }) => mails.to(email).length >= count));
  /** Waits until no mail of the tenant is on its way. */
  const settled = ({ id }: { id: string }) =>
    until('all mails of the tenant are over', async () => {
      const rows = await api.database.sql(`select from mails where tenant_id = $1 and status = 'PENDING'`, [id]);
      return rows.length === 0;
    });
  const counts = (users: GivenUser[]) => users.map(({ email }) => mails.to(email).length);

  it('the owner and the active administrators get each notice of an end once, as text and HTML, with a link and no secret', async () => {
    const { tenant, owner, admin, other, silent, key } = await people();
    await moveEnd(api.database, [key.id], 6.9);
    await arrived([owner, admin, other]);
    await moveEnd(api.database, [key.id], -0.01);
    await arrived([owner, admin, other], 2);
    await sweptAgain(api.database);
    await settled(tenant);
    expect(counts([owner, admin, other])).toEqual([2, 2, 2]);
    expect(counts(silent)).toEqual([0, 0, 0, 0]);
    expect(mails.to(owner.email).map(({ subject }) => subject)).toEqual([
      'API key “given” expires within 7 days',
      'API key “given” has expired',
    ]);
    for (const { from, to, raw, readable } of mails.to(owner.email)) {
      expect([from, to]).toEqual([FROM, [owner.email]]);
      expect(raw).toMatch(/Content-Type: multipart\/alternative/);
      expect(readable).toMatch(/Content-Type: text\/plain/);
      expect(readable).toContain(`<a href="${PUBLIC}/keys/${key.id}">`);
      expect(readable).not.toContain(key.secret.slice(0, 9));
      expect(raw).toMatch(/^Auto-Submitted: auto-generated/m);
    }
  });

  it('a leak is mailed to the owner and the administrators, and a disabled endpoint to the administrators', async () => {
    const { tenant, owner, admin, other, silent, key } = await people();
    await askKeys(api, 'reportLeakedApiKey', { key: key.secret });
    await arrived([owner, admin, other]);
    const gone = await WebhookReceiver.start((_, response) => response.writeHead(410).end());
    const { id } = await makeEndpoint(api, admin, { url: `${gone.url}/a-secret-path?token=secret` });
    await api.query('mutation ($id: ID!) { testWebhookEndpoint(id: $id) { delivery { id } } }', {
      session: admin.session,
      variables: { id },
    });
    await arrived([admin, other], 2);
    await settled(tenant);
    await gone.stop();
    expect(counts([owner, admin, other])).toEqual([1, 2, 2]);
    expect(counts(silent)).toEqual([0, 0, 0, 0]);
    const [leak, disabled] = mails.to(admin.email);
    expect(leak?.subject).toBe('API key “given” was found in the open and is revoked');
    expect(leak?.readable).not.toContain(key.secret.slice(0, 9));
    expect(disabled?.subject).toBe(`The webhook endpoint at ${new URL(gone.url).host} is disabled`);
    expect(disabled?.readable).not.toContain('secret');
  });

  it('a person chooses kinds, and returns to the default; a kind that is not mailed is refused', async () => {
    const { tenant, owner, admin, other, key } = await people();
    const choose = ({ session }: GivenUser, kinds: string[] | null) =>
      api.query(SET, { session, variables: { kinds } });
    expect((await choose(owner, [])).at('setMyMailPreferences.kind')).toBe('USER');
    await choose(admin, ['API_KEY_EXPIRED', 'API_KEY_EXPIRED']);
    await choose(other, []);
    await choose(other, null);
    const refused = await choose(owner, ['API_KEY_EXPIRED', 'API_KEY_REVOKED']);
    expect(refused.code).toBe('BAD_USER_INPUT');
    expect(refused.problemCodes).toEqual([['kinds.1', 'MALFORMED']]);
    await moveEnd(api.database, [key.id], 0.5);
    await arrived([other]);
    await moveEnd(api.database, [key.id], -1);
    await arrived([other, admin], 1);
    await arrived([other], 2);
    await settled(tenant);
    expect(counts([owner, admin, other])).toEqual([0, 1, 2]);
  });

  it('a mail that the server defers is sent later, and one that it refuses is given up; others are sent meanwhile', async () => {
    const { tenant, owner, admin, other, key } = await people();
    mails.refusal = (address) => ({ [owner.email]: 451, [admin.email]: 550 })[address];
    await moveEnd(api.database, [key.id], 6.9);
    await arrived([other]);
    const rows = () =>
      api.database.sql<{ status: string; attempts: number; error: string | null }>(
        `select status, attempts, last_error as error from mails where tenant_id = $1 and user_id = any($2) order by status`,
        [tenant.id, [owner.id, admin.id]],
      );
    const refused = { status: 'FAILED', attempts: 1, error: 'the mail server answered 550' };
    await until('both refusals are stored', async () => (await rows()).every(({ error }) => error !== null));
    expect(await rows()).toEqual([refused, { status: 'PENDING', attempts: 1, error: 'the mail server answered 451' }]);
    mails.refusal = () => undefined;
    await api.database.sql(`update mails set next_attempt_at = now() where tenant_id = $1 and status = 'PENDING'`, [
      tenant.id,
    ]);
    await arrived([owner]);
    await settled(tenant);
    expect(counts([owner, admin, other])).toEqual([1, 0, 1]);
  });

  it('a mail is not sent to a person who was deactivated after it was written', async () => {
    const { tenant, owner, other, key } = await people();
    mails.refusal = (address) => (address === owner.email ? 451 : undefined);
    await moveEnd(api.database, [key.id], 6.9);
    await arrived([other]);
    await until('the mail to the owner is deferred', async () => {
      const rows = await api.database.sql(`select from mails where user_id = $1 and last_error is not null`, [
        owner.id,
      ]);
      return rows.length === 1;
    });
    mails.refusal = () => undefined;
    await api.app.get(TenancyAdministration, { strict: false }).changeUser(owner.email, { isActive: false });
    await api.database.sql(`update mails set next_attempt_at = now() where user_id = $1`, [owner.id]);
    await settled(tenant);
    expect(counts([owner])).toEqual([0]);
  });

  it('a server that is away loses no mail, and a mail that a killed process had claimed is sent', async () => {
    const { tenant, owner, admin, other, key } = await people();
    await mails.stop();
    await moveEnd(api.database, [key.id], 6.9);
    await until('an attempt has failed', async () => {
      const rows = await api.database.sql(
        `select from mails where tenant_id = $1 and last_error = 'the mail server could not be reached'`,
        [tenant.id],
      );
      return rows.length === 3;
    });
    await api.database.sql(
      `update mails set next_attempt_at = now(), claimed_until = now() - interval '1 second' where tenant_id = $1`,
      [tenant.id],
    );
    await mails.listen();
    await api.database.sql(`update mails set next_attempt_at = now() where tenant_id = $1 and status = 'PENDING'`, [
      tenant.id,
    ]);
    await arrived([owner, admin, other]);
    await settled(tenant);
    expect(counts([owner, admin, other])).toEqual([1, 1, 1]);
  });

  it('an address or a name adds no recipient and no header', async () => {
    const { tenant, key, admin } = await people();
    const hostile = `victim@example.test,${randomUUID()}@evil.test`;
    await api.database.sql('update users set email = $2 where id = $1', [admin.id, hostile]);
    await api.database.sql('update api_keys set name = $2 where id = $1', [
      key.id,
      'x\r\nBcc: evil@evil.test\r\n\r\n<b>y',
    ]);
    await moveEnd(api.database, [key.id], -1);
    await settled(tenant);
    await sweptAgain(api.database);
    await settled(tenant);
    const sent = mails.received.filter(({ subject }) => subject.includes('Bcc: evil'));
    expect(sent.length).toBeGreaterThan(1);
    for (const { raw, to, readable } of sent) {
      expect(raw).not.toMatch(/^Bcc:/m);
      expect(to).toHaveLength(1);
      expect(readable.slice(readable.indexOf('<!doctype'))).not.toContain('<b>y');
    }
    expect(mails.to('victim@example.test')).toEqual([]);
  });
});

describe('a portal without SMTP', () => {
  it('a portal without SMTP logs once that mail is off, and writes no mails of ends', async () => {
    const api = await TestPortal.start({
      config: { webhooks: { acceptHttp: true, allowedNetworks: [], pollMs: 20, sweepMs: 20 } },
    });
    await noticeThePast(api.database);
    const key = await api.given.apiKey();
    await moveEnd(api.database, [key.id], -1);
    await sweptAgain(api.database);
    expect(await api.database.sql('select notice from api_key_notices')).toHaveLength(4);
    expect(await api.database.sql('select from mails')).toEqual([]);
    const lines = api.log.filter((line) => line.includes('Mail is off'));
    await api.stop();
    expect(lines).toHaveLength(1);
  });
});
