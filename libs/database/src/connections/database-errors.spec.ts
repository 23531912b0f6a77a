import { ContainedClient } from './contained-client.js';
import { AppError, Conflict, InvalidInput, ServiceUnavailable } from '#kernel';
import { asAppError, databaseErrorClass, mayRunAgain } from './database-errors.js';

const failure = (members: object, message = 'it failed') => Object.assign(new Error(message), members);
/** As a connection reports what broke it, or kept it from being made. */
const ofConnection = (error: Error) => {
  new ContainedClient().emit('error', error);
  return error;
};
const code = (sqlstate: string) => failure({ code: sqlstate });

const CONNECTION_CODES =
  `ECONNREFUSED ECONNRESET ECONNABORTED EPIPE ETIMEDOUT EHOSTUNREACH EHOSTDOWN ENETUNREACH ENETDOWN
  ENOTFOUND EAI_AGAIN EAI_FAIL EADDRNOTAVAIL EMFILE ENFILE ENOBUFS EPERM EACCES EPROTO ENOENT EINVAL CERT_HAS_EXPIRED
  DEPTH_ZERO_SELF_SIGNED_CERT ERR_SSL_WRONG_VERSION_NUMBER ERR_TLS_CERT_ALTNAME_INVALID ERR_INVALID_ARG_TYPE 42501 XX000`.split(
    /\s+/,
  );

describe('database errors', () => {
  it.each([
    ['too many connections', code('53300')],
    ['a disk that is full', code('53100')],
    ['no memory', code('53200')],
    ['an end by the administrator', code('57P01')],
    ['a crash of another backend', code('57P02')],
    ['a server that starts', code('57P03')],
    ['a statement that took too long', code('57014')],
    ['a lock that was waited for too long', code('55P03')],
    ['a transaction that did nothing for too long', code('25P03')],
    ['a deadlock', code('40P01')],
    ['a failed serialization', code('40001')],
    ['a full queue of notifications', failure({ code: '54000', routine: 'PreCommit_Notify' })],
    ['a lost connection', code('08006')],
    ['what a pooler calls a protocol violation', code('08P01')],
    ['a login that is refused', code('28P01')],
    ['a database that is not there', code('3D000')],
    ['a file that cannot be read', code('58030')],
    ['a server that only reads since another one leads', code('25006')],
    [
      'several addresses, none of which answers',
      ofConnection(Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' })),
    ],
    ['a pool that is busy', failure({}, 'timeout exceeded when trying to connect')],
    ['a connection that is not made in time', failure({}, 'Connection terminated due to connection timeout')],
    ['a connection without a pool that is not made in time', failure({}, 'timeout expired')],
    ['a connection that ends', failure({}, 'Connection terminated unexpectedly')],
    ['a connection that has ended', failure({}, 'Client has encountered a connection error and is not queryable')],
    ['an outage inside another error', failure({ cause: code('57P01') })],
    ['an outage inside an error of the ORM', failure({ previous: failure({ cause: code('53300') }) })],
  ])('a database error that is %s is an outage', (_, error) => {
    expect(databaseErrorClass(error)).toBe('OUTAGE');
    expect(asAppError(error)).toBeInstanceOf(ServiceUnavailable);
    expect((asAppError(error) as Error).cause).toBe(error);
  });

  it.each(['ERROR', 'FATAL'])(
    'a database error of any code is an outage where it ends the connection: %s',
    (severity) => {
      expect(databaseErrorClass(failure({ code: 'XX000', severity }))).toBe(severity === 'FATAL' ? 'OUTAGE' : 'BUG');
    },
  );

  it.each(CONNECTION_CODES)('an error of a connection is an outage, whatever its code: %s', (name) => {
    expect(databaseErrorClass(ofConnection(code(name)))).toBe('OUTAGE');
    expect(databaseErrorClass(failure({ previous: ofConnection(code(name)) }))).toBe('OUTAGE');
    expect(databaseErrorClass(code(name))).toBe('BUG');
  });

  it.each([
    ['a NUL byte, by the driver', failure({ code: '08P01', routine: 'pq_getmsgend' })],
    ['a NUL byte', code('22021')],
    ['a NUL in JSON', code('22P05')],
    ['half a surrogate in JSON', code('22P02')],
    ['a year before 1', code('22007')],
    ['a year after 9999', code('22009')],
    ['a number out of range', code('22003')],
    ['a limit below zero', code('2201W')],
    ['a text too long for its index', code('54000')],
    ['JSON too deep', code('54001')],
  ])('a database error caused by %s is bad input, and not an outage', (_, error) => {
    expect(databaseErrorClass(error)).toBe('BAD_INPUT');
    expect(asAppError(error)).toBeInstanceOf(InvalidInput);
  });

  it.each([
    ['23505', 'ALREADY_EXISTS'],
    ['23503', 'INVALID_STATE'],
  ])('the database error %s is a conflict', (sqlstate, reason) => {
    const conflict = asAppError(code(sqlstate));
    expect(conflict).toBeInstanceOf(Conflict);
    expect((conflict as Conflict).reason).toBe(reason);
  });

  it.each([
    ['a check that is broken', code('23514')],
    ['a table that is not there', code('42P01')],
    ['a permission that is missing', code('42501')],
    ['no error at all', undefined],
    ['a text', '53300'],
    ['a code that is none', code('53')],
    ['another error', new TypeError('x is not a function')],
  ])('a database error that is %s is a bug, and stays unchanged', (_, error) => {
    expect(databaseErrorClass(error)).toBe('BUG');
    expect(asAppError(error)).toBe(error);
  });

  it('an application error stays unchanged, whatever caused it', () => {
    const own = Object.assign(new Conflict('INVALID_STATE', 'No.'), { cause: code('57P01') });
    expect(asAppError(own)).toBe(own);
    expect(asAppError(own)).toBeInstanceOf(AppError);
  });

  it.each([
    ['40001', true],
    ['40P01', true],
    ['57P01', false],
    ['08006', false],
    ['55P03', false],
    ['23505', false],
  ])('a transaction that fails with %s may be run again: %s', (sqlstate, expected) => {
    expect(mayRunAgain(failure({ cause: code(sqlstate) }))).toBe(expected);
  });
});
