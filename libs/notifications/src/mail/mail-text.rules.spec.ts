import { MAIL_KINDS } from './mail-kinds.rules.js';
import { mailText } from './mail-text.rules.js';

const HOSTILE = `<img src=x onerror="alert('1')">&\r\nBcc: everybody@example.test\u2028\u202e`;
const DATA = {
  apiKeyName: HOSTILE,
  effectiveExpiresAt: '2030-01-01T00:00:00.000Z',
  daysBefore: 7,
  host: HOSTILE,
  endpointId: HOSTILE,
  reason: 'GONE',
};

describe('text of a mail', () => {
  it.each(MAIL_KINDS)('%s: a hostile name stays on its line and is no HTML', (kind) => {
    const { subject, text, html } = mailText(kind, DATA, 'https://portal.example.com/console/keys/1');
    expect(subject).not.toMatch(/[\p{Cc}\p{Cf}\u2028]/u);
    expect(text).not.toMatch(/^Bcc/m);
    expect(html).not.toMatch(/<img|onerror="/);
    expect(html).toContain('&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp; Bcc:');
    expect(html).toContain('<a href="https://portal.example.com/console/keys/1">');
    expect(text).toContain('\nhttps://portal.example.com/console/keys/1\n');
  });

  it.each([
    [30, 'expires within 30 days'],
    [7, 'expires within 7 days'],
    [1, 'expires within a day'],
  ])('a reminder of %s days says so', (daysBefore, words) => {
    expect(mailText('API_KEY_EXPIRING', { ...DATA, daysBefore }, undefined).subject).toContain(words);
  });

  it('a mail without a link has none, and a long name is cut', () => {
    const { text, html, subject } = mailText('API_KEY_EXPIRED', { ...DATA, apiKeyName: '😀'.repeat(200) }, undefined);
    expect(text + html).not.toMatch(/https?:/);
    expect([...subject].length).toBeLessThan(130);
  });
});
