/**
 * An e-mail address as it is kept and compared: in lower case. Undefined where that is somebody else's: the lower case
 * of the Kelvin sign is an ordinary k, and whoever has the one mailbox need not have the other.
 */
export function keptEmail(email: string): string | undefined {
  const isOwn = [...email].every((letter) => {
    const lower = letter.toLowerCase();
    return letter === lower || letter === lower.toUpperCase();
  });
  return isOwn ? email.toLowerCase() : undefined;
}
