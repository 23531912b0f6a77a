import { LeadingServer, type Server } from './leading-server.js';

const server = (members: Partial<Server> = {}): Server => ({ startedAt: '1', system: 's', timeline: 1, ...members });

describe('the server that verdicts are read from', () => {
  let servers: LeadingServer;
  let changes: number;
  beforeEach(() => {
    servers = new LeadingServer();
    changes = 0;
    servers.onChange(() => changes++);
    servers.follow(server());
  });

  it('is the first that is met, and the same one met again is no change', () => {
    servers.follow(server());
    expect([servers.isCurrent('1'), servers.isCurrent('2'), servers.isCurrent(undefined), changes]).toEqual([
      true,
      false,
      false,
      0,
    ]);
  });

  it.each([
    ['that was promoted', server({ startedAt: '2', timeline: 2 })],
    ['that was started again', server({ startedAt: '2' })],
    ['with other data', server({ startedAt: '2', system: 't' })],
  ])('gives way to one %s, and whoever relies on it hears of it once', (_, other) => {
    servers.follow(other);
    expect([servers.isCurrent('1'), servers.isCurrent('2'), changes]).toEqual([false, true, 1]);
  });

  it.each([
    ['a standby', server({ startedAt: '2', timeline: null })],
    ['one that was left behind', server({ startedAt: '2', timeline: 0 })],
  ])('is never %s, and stays what it is', (_, other) => {
    expect(() => servers.follow(other)).toThrow('The service is unavailable');
    expect([servers.isCurrent('1'), servers.isCurrent('2'), changes]).toEqual([true, false, 0]);
  });

  it('is none, and does not come back, once another one of the same data is known to lead', () => {
    servers.compare(server({ startedAt: '2', timeline: 2 }));
    expect([servers.isCurrent('1'), changes]).toEqual([false, 1]);
    expect(() => servers.follow(server())).toThrow('The service is unavailable');
  });

  it.each([
    ['of other data', server({ startedAt: '2', system: 't', timeline: 9 })],
    ['that is a standby', server({ startedAt: '2', timeline: null })],
    ['of the same timeline', server({ startedAt: '2' })],
  ])('stays, when the one that is listened to is one %s', (_, other) => {
    servers.compare(other);
    expect([servers.isCurrent('1'), changes]).toEqual([true, 0]);
  });
});
