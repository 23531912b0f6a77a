/** What mails report. The first three are kinds of notifications, which a person can turn off. */
export const MAIL_KINDS = [
  'API_KEY_EXPIRING',
  'API_KEY_EXPIRED',
  'API_KEY_LEAK_REPORTED',
  'WEBHOOK_ENDPOINT_DISABLED',
] as const;
export type MailKind = (typeof MAIL_KINDS)[number];
/** The kinds that a person gets who has chosen none. */
export const CHOSEN_KINDS = ['API_KEY_EXPIRING', 'API_KEY_EXPIRED', 'API_KEY_LEAK_REPORTED'] as const;

/** Does a person get mails of `kind`? `chosen` undefined: the person has chosen nothing. An endpoint that is disabled is always mailed. */
export function isWanted(kind: MailKind, chosen: readonly string[] | undefined): boolean {
  return kind === 'WEBHOOK_ENDPOINT_DISABLED' || chosen === undefined || chosen.includes(kind);
}
