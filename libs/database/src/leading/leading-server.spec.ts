import { LeadingServer, type Server } from './leading-server.js';

const server = (members: Partial<Server> = {}): Server => ({
  startedAt: '1',
  system: 's',
  timeline: 1,
  isSynchronous: false,
  ...members,
});

describe('leading server', () => {
  let servers: LeadingServer;
  let changes: number;
  beforeEach(() => {
    servers = new LeadingServer();
    changes = 0;
    servers.onChange(() => changes++);
    servers.follow(server());
  });

  it('the first server that is seen leads, and seeing it again is no change', () => {
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
  ])('the leading server gives way to one %s, and its listeners are called once', (_, other) => {
    servers.follow(other);
    expect([servers.isCurrent('1'), servers.isCurrent('2'), changes]).toEqual([false, true, 1]);
  });

  it.each([
    ['a standby', server({ startedAt: '2', timeline: null })],
    ['a standby of data not seen before', server({ startedAt: '2', system: 't', timeline: null })],
    ['one that was left behind', server({ startedAt: '2', timeline: 0 })],
  ])('the leading server is never %s, and stays unchanged', (_, other) => {
    expect(() => servers.follow(other)).toThrow('The service is unavailable');
    expect([servers.isCurrent('1'), servers.isCurrent('2'), changes]).toEqual([true, false, 0]);
  });

  it('no server leads once another server of the same data is known to lead, and the old server does not come back', () => {
    servers.compare(server({ startedAt: '2', timeline: 2 }));
    expect([servers.isCurrent('1'), changes]).toEqual([false, 1]);
    expect(() => servers.follow(server())).toThrow('The service is unavailable');
  });

  describe('with a synchronous standby', () => {
    let provers: number;
    beforeEach(() => {
      provers = 0;
      servers.proveBy(async () => {
        provers++;
      });
      servers.follow(server({ isSynchronous: true }));
    });

    it('a server has to prove that it leads, once a lease, and is asked for the proof at once', async () => {
      expect([provers, servers.isSynchronous, servers.leadsAt(0)]).toEqual([1, true, false]);
      await expect(servers.requireLead()).rejects.toThrow('The service is unavailable');
      servers.proveLead('1', 1_000);
      expect([servers.leadsAt(2_500), servers.leadsAt(2_501)]).toEqual([true, false]);
    });

    it('a proof by another server proves nothing, and a new server has to give its own', () => {
      servers.proveLead('2', 1_000);
      expect(servers.leadsAt(1_001)).toBe(false);
      servers.proveLead('1', 1_000);
      servers.follow(server({ startedAt: '2', timeline: 2, isSynchronous: true }));
      expect([servers.leadsAt(1_001), provers]).toEqual([false, 2]);
    });

    it('a server needs no proof once it waits for no standby', () => {
      servers.follow(server());
      expect(servers.leadsAt(0)).toBe(true);
      servers.follow(server({ isSynchronous: true }));
      expect([servers.leadsAt(0), provers]).toEqual([false, 2]);
    });

    it('a caller without a proof waits for the proof that is under way', async () => {
      servers.proveBy(async () => servers.proveLead('1', performance.now()));
      await expect(servers.requireLead()).resolves.toBeUndefined();
    });

    it('a caller without a proof waits for the next one where the proof under way was asked for too long ago', async () => {
      const proofs = [performance.now() - 2_000, performance.now()];
      servers.proveBy(async () => servers.proveLead('1', proofs.shift() ?? 0));
      await expect(servers.requireLead()).resolves.toBeUndefined();
    });
  });

  it.each([
    ['of other data', server({ startedAt: '2', system: 't', timeline: 9 })],
    ['that is a standby', server({ startedAt: '2', timeline: null })],
    ['of the same timeline', server({ startedAt: '2' })],
  ])('the leading server stays when the server that the channel listens to is %s', (_, other) => {
    servers.compare(other);
    expect([servers.isCurrent('1'), changes]).toEqual([true, 0]);
  });
});
