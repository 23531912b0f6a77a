/** Notifications that are mailed too. A person can turn each of them off, and gets all of them by default. */
export const OPTIONAL_KINDS = ['API_KEY_EXPIRING', 'API_KEY_EXPIRED', 'API_KEY_LEAK_REPORTED'] as const;
/** What mails report. */
export const MAIL_KINDS = [...OPTIONAL_KINDS, 'WEBHOOK_ENDPOINT_DISABLED'] as const;
export type MailKind = (typeof MAIL_KINDS)[number];

/** Does a person get mails of `kind`? `chosen` undefined: the person has chosen nothing. An endpoint that is disabled is always mailed. */
export function isWanted(kind: MailKind, chosen: readonly string[] | undefined): boolean {
  return kind === 'WEBHOOK_ENDPOINT_DISABLED' || chosen === undefined || chosen.includes(kind);
}
