import { hash } from 'node:crypto';
import { heartbeatSecret, placeOf, readHeartbeat } from './heartbeat.js';

const SENDER = '0123456789abcdef';
const [PROCESS, POSITION] = [4711, '38280594816'];
const PLACE = placeOf('1764428400.123456', 'portal');
const secret = heartbeatSecret('key', PLACE);
const textOf = (position: string, signed = [secret, PROCESS, SENDER, position].join(' ')) =>
  `${SENDER} ${position} ${hash('sha256', signed)}`;

it('a heartbeat has the sender and the position that were signed', () =>
  expect(readHeartbeat(textOf(POSITION), PROCESS, secret)).toEqual({ sender: SENDER, position: 38_280_594_816n }));

it.each([
  ['without a signature', `${SENDER} ${POSITION}`, PROCESS],
  ['of another process, as one that is sent again', textOf(POSITION), PROCESS + 1],
  ['with a later position than was signed', textOf(POSITION).replace(POSITION, `${POSITION}0`), PROCESS],
  ['of another sender than has signed', textOf(POSITION).replace('0123', '0000'), PROCESS],
  ['with a position that is no number', textOf(`${POSITION}\u0080`), PROCESS],
  ['signed without the secret', textOf(POSITION, `${PROCESS} ${SENDER} ${POSITION}`), PROCESS],
  ['with more behind it', `${textOf(POSITION)} `, PROCESS],
  ['of older instances', '17', PROCESS],
  ['without a text', '', PROCESS],
])('a message %s is no heartbeat', (_, text, processId) =>
  expect(readHeartbeat(text, processId, secret)).toBeUndefined(),
);

it.each([
  ['another key', heartbeatSecret('other key', PLACE)],
  ['another database of the server', heartbeatSecret('key', placeOf('1764428400.123456', 'other'))],
  ['another server with the same data', heartbeatSecret('key', placeOf('1764428400.123457', 'portal'))],
])('a heartbeat that is signed for %s is no heartbeat here', (_, other) =>
  expect(readHeartbeat(textOf(POSITION), PROCESS, other)).toBeUndefined(),
);
