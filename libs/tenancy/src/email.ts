/**
 * An e-mail address as it is stored and compared: in lower case. Undefined where lower case would turn the address into another
 * person's: the Kelvin sign becomes an ordinary k, and the two mailboxes can have different owners.
 */
export function keptEmail(email: string): string | undefined {
  const isOwn = [...email].every((letter) => {
    const lower = letter.toLowerCase();
    return letter === lower || letter === lower.toUpperCase();
  });
  return isOwn ? email.toLowerCase() : undefined;
}
