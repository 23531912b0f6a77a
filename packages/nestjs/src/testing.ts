/** For tests: a database, a real key, a caller without a key. */
export { actAs, givenKey, startTestDatabase } from '#testing';
export type { GivenKey, KeyToGive, TestCaller, TestDatabase } from '#testing';
