import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { processesOf } from '../support/faults/server-processes.js';
import { describeUnless } from '../support/programs.js';

/** Folder with the programs of a current Debian, made by `make-root.sh`. */
const PROGRAMS = process.env['CLUSTER_ROOT'] ?? '/var/lib/latchkey/cluster-root';

/**
 * The first process of a machine. It ends when its standard input does: then the kernel ends all others of the machine, and removes its
 * mounts and links, whatever became of the test.
 */
const INIT = `
  set -e
  mount -t overlay overlay -o "lowerdir=$1,upperdir=$2/upper,workdir=$2/work" "$2/root"
  mount -t proc proc "$2/root/proc"
  mount --rbind /dev "$2/root/dev"
  hostname "$3"
  ip link set lo up
  exec chroot "$2/root" bash -c 'echo ready; read -r'`;
const NAMESPACES = ['--mount', '--uts', '--ipc', '--net', '--pid'];

/** `describe`, of tests that need machines: where there can be none they are skipped, and their title says why. */
export function describeWithMachines(title: string, define: () => void): void {
  describeUnless(whatIsMissing(), title, define);
}

function whatIsMissing(): string | undefined {
  if (process.getuid?.() !== 0) return 'needs root';
  if (!existsSync(join(PROGRAMS, 'packages'))) return 'no programs here: test/cluster/make-root.sh';
  const { status } = spawnSync('unshare', [...NAMESPACES, '--fork', 'ip', 'link', 'add', 'br0', 'type', 'bridge']);
  return status === 0 ? undefined : 'no network namespaces here, or no iproute2';
}

/** A machine of the cluster: a file system, a network address and processes of its own, in namespaces of this kernel. */
export class Machine {
  /** The address of the host in its network. */
  private host = '';

  private constructor(
    readonly name: string,
    readonly address: string,
    private readonly folder: string,
    private readonly holder: ChildProcess,
    /** The id of its first process, as it is known outside. */
    private readonly init: string,
  ) {}

  /** @param hosts names of other machines, by their addresses */
  static async start(name: string, address: string, parent: string, hosts: string): Promise<Machine> {
    const folder = join(parent, name);
    for (const part of ['upper/etc', 'work', 'root']) await mkdir(join(folder, part), { recursive: true });
    await writeFile(join(folder, 'upper/etc/hosts'), `127.0.0.1 localhost\n${hosts}`);
    const holder = spawn(
      'unshare',
      [...NAMESPACES, '--fork', '--kill-child', 'sh', '-c', INIT, 'sh', PROGRAMS, folder, name],
      {
        cwd: '/',
        stdio: ['pipe', 'pipe', 'inherit'],
      },
    );
    if (!holder.stdout) throw new Error('There is no output.');
    await Promise.race([
      once(holder.stdout, 'data'),
      once(holder, 'exit').then(() => Promise.reject(new Error(`${name} ended`))),
    ]);
    // Nothing here waits for it: the end of this process ends it.
    holder.unref();
    holder.stdout.destroy();
    (holder.stdin as Socket).unref();
    return new Machine(name, address, folder, holder, String(processesOf(holder.pid ?? 0)[1]));
  }

  /** @param owner a user of the machine, who alone may read it */
  write(file: string, content: string, owner = 'postgres'): void {
    this.run(['install', '-d', '-o', owner, dirname(file)]);
    this.run(['sh', '-c', 'umask 077; cat >"$0"; chown "$1" "$0"', file, owner], content);
  }

  /** Runs a command to its end, as root. @throws when it fails */
  run(command: readonly string[], input = ''): string {
    return execFileSync('nsenter', [...this.entering, ...command], { input, encoding: 'utf8' });
  }

  /** Runs `ip` of the host in its network. */
  network(...args: string[]): void {
    inNetwork(this.init, ...args);
  }

  /** Starts a program of the machine as a daemon, whose output goes to a file. */
  launch(program: string, args: readonly string[], { user = 'postgres', environment = {} }: LaunchOptions = {}): void {
    const log = openSync(join(this.folder, `${program}.log`), 'a');
    const command = ['setsid', '--fork', 'runuser', '-u', user, '--', program, ...args];
    const env = { PATH: '/usr/sbin:/usr/bin', LC_ALL: 'C.UTF-8', ...environment };
    execFileSync('/usr/bin/nsenter', [...this.entering, ...command], { env, stdio: ['ignore', log, log] });
    closeSync(log);
  }

  /** Sends a signal to all processes of the machine whose command matches. */
  signal(signal: NodeJS.Signals, pattern: string): void {
    spawnSync('pkill', [`-${signal.slice(3)}`, '--ns', this.init, '--nslist', 'pid', '-f', pattern]);
  }

  /** Becomes the switch of the network. */
  beSwitch(): void {
    this.network('link', 'add', 'name', 'br0', 'type', 'bridge');
    this.network('address', 'add', `${this.address}/24`, 'dev', 'br0');
    this.network('link', 'set', 'dev', 'br0', 'up');
  }

  /** Connects another machine by a cable of the same name, which vanishes with either of them. */
  connect({ name, address, init }: Machine): void {
    this.plug(name, 'eth0', init);
    inNetwork(init, 'address', 'add', `${address}/24`, 'dev', 'eth0');
    inNetwork(init, 'link', 'set', 'dev', 'eth0', 'up');
  }

  /** Connects the host, where the test runs. */
  connectHost(address: string): void {
    const device = `cluster${randomInt(1e6)}`;
    this.host = address;
    this.plug('host', device, String(process.pid));
    execFileSync('ip', ['address', 'add', `${address}/24`, 'dev', device]);
    execFileSync('ip', ['link', 'set', 'dev', device, 'up']);
  }

  /** Leads the port 4001 to the first instance of the host, 4002 to the first two, and so on. */
  balance(ports: readonly string[]): void {
    const servers = ports.map((port) => `  server at${port} ${this.host}:${port} check inter 500ms`);
    const listeners = ports.map((_, at) =>
      [
        `listen portal${at + 1}`,
        `  bind :${4_001 + at}`,
        '  option httpchk GET /health/ready',
        ...servers.slice(0, at + 1),
      ].join('\n'),
    );
    const defaults = 'defaults\n  mode http\n  timeout connect 2s\n  timeout client 30s\n  timeout server 30s\n';
    this.write('/etc/haproxy/portal.cfg', `${defaults}${listeners.join('\n')}\n`, 'haproxy');
    this.signal('SIGKILL', 'portal.cfg');
    this.launch('haproxy', ['-f', '/etc/haproxy/portal.cfg'], { user: 'root' });
  }

  /** Pulls another machine's cable. */
  unplug({ name }: Machine): void {
    this.network('link', 'set', 'dev', name, 'down');
  }

  plugIn({ name }: Machine): void {
    this.network('link', 'set', 'dev', name, 'up');
  }

  /** Sends nothing to another machine any more. */
  drop({ address }: Machine): void {
    this.network('route', 'add', 'blackhole', address);
  }

  dropNoMore({ address }: Machine): void {
    this.network('route', 'delete', 'blackhole', address);
  }

  /** Sets what `sysctl.d` sets for the network when a machine boots. */
  tune(settings: string): void {
    const lines = settings.split('\n').filter((line) => line.startsWith('net.'));
    execFileSync('nsenter', ['--target', this.init, '--net', 'sysctl', '--quiet', '--load=-'], {
      input: lines.join('\n'),
    });
  }

  /** Connections from or to a port, by both addresses; none that waits until its last data is sent once more. */
  connections(port: number): { from: string; to: string }[] {
    const filter = ['state', 'established', `( sport = :${port} or dport = :${port} )`];
    const lines = execFileSync('nsenter', ['--target', this.init, '--net', 'ss', '-Htno', ...filter], {
      encoding: 'utf8',
    });
    const flowing = lines.split('\n').filter((line) => line && !/timer:\(on,[^,]*,[1-9]/.test(line));
    return flowing.map((line) => {
      // Of an address of IPv4 in a socket of IPv6 only the former is the same at both ends.
      const [, , from = '', to = ''] = line.replaceAll(/\[::ffff:([\d.]+)\]/g, '$1').split(/\s+/);
      return { from, to };
    });
  }

  /** Everything that a program has printed. */
  output(program: string): string {
    return readFileSync(join(this.folder, `${program}.log`), 'utf8');
  }

  async keepLogs(directory: string): Promise<void> {
    await mkdir(directory, { recursive: true });
    for (const program of ['etcd', 'patroni', 'haproxy', 'pgbouncer', 'valkey-server'])
      await copyFile(join(this.folder, `${program}.log`), join(directory, `${this.name}-${program}.log`)).catch(
        () => undefined,
      );
  }

  async stop(): Promise<void> {
    if (this.holder.exitCode !== null || this.holder.signalCode !== null) return;
    const ended = once(this.holder, 'exit');
    this.holder.stdin?.end();
    await ended;
  }

  private plug(cable: string, peer: string, owner: string): void {
    this.network('link', 'add', 'name', cable, 'type', 'veth', 'peer', 'name', peer, 'netns', owner);
    this.network('link', 'set', 'dev', cable, 'master', 'br0', 'up');
  }

  private get entering(): string[] {
    return ['--target', this.init, ...NAMESPACES, '--root', '--wdns=/'];
  }
}

function inNetwork(init: string, ...args: string[]): void {
  execFileSync('nsenter', ['--target', init, '--net', 'ip', ...args]);
}

interface LaunchOptions {
  user?: string;
  environment?: Record<string, string>;
}
