/** Where a request comes from that has no network of its own. */
export const CLIENT = '127.0.0.1';
const CLIENTS = 10_000;

/** The address of the `number`th request of many clients: none of them presents too many unknown keys in a minute. */
export function clientOf(number: number): string {
  const client = number % CLIENTS;
  return `10.0.${client >> 8}.${client & 255}`;
}
