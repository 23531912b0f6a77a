export { actAs, type TestCaller } from './act-as.js';
export { type GivenKey, givenKey, type KeyToGive } from './given-key.js';
export { startTestDatabase, type TestDatabase } from './test-database.js';
