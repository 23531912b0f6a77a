import { globSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { STOP_MS } from '../support/durations.js';

const ROOT = resolve(import.meta.dirname, '../..');
const KUBERNETES = resolve(ROOT, 'deploy/kubernetes');
const CLUSTER = resolve(ROOT, 'deploy/cluster');
/** Applied by hand, with the secrets of each place. */
const BY_HAND = 'secret.example.yaml';
/** docs/operations.md, "Sizing". */
const CONNECTIONS_OF_AN_INSTANCE = 16;

interface Probe {
  httpGet: { path: string; port: string };
  timeoutSeconds?: number;
}
interface Pod {
  terminationGracePeriodSeconds: number;
  containers: [
    {
      ports: { containerPort: number; name: string }[];
      env: { name: string; value: unknown }[];
      livenessProbe: Probe;
      readinessProbe: Probe;
      startupProbe: Probe;
      lifecycle: { preStop: { sleep: { seconds: number } } };
      resources: { limits: Record<string, string> };
    },
  ];
}

const textOf = (folder: string, file: string) => readFileSync(resolve(folder, file), 'utf8');
const read = <Content>(folder: string, file: string) => parse(textOf(folder, file)) as Content;
const podOf = (file: string) => read<{ spec: { template: { spec: Pod } } }>(KUBERNETES, file).spec.template.spec;
const autoscaler = () =>
  read<{ spec: { minReplicas: number; maxReplicas: number } }>(KUBERNETES, 'autoscaler.yaml').spec;

describe('files of deploy/kubernetes', () => {
  it('the kustomization has every file but itself and the example of the secrets', () => {
    const { resources } = read<{ resources: string[] }>(KUBERNETES, 'kustomization.yaml');
    const files = globSync('*.yaml', { cwd: KUBERNETES }).map((file) => basename(file));
    expect([...resources, 'kustomization.yaml', BY_HAND].toSorted()).toEqual(files.toSorted());
  });

  it('probes ask the paths that answer, on the port that the image opens, and wait longer than readiness takes', () => {
    const [{ ports, livenessProbe, readinessProbe, startupProbe }] = podOf('deployment.yaml').containers;
    const controller = textOf(ROOT, 'apps/portal/src/http/health.controller.ts');
    for (const { httpGet } of [livenessProbe, readinessProbe, startupProbe]) {
      const [, folder, name] = httpGet.path.split('/');
      expect([folder, controller]).toEqual(['health', expect.stringContaining(`@Get('${name}')`)]);
      expect(httpGet.port).toBe(ports[0]?.name);
    }
    expect(livenessProbe.httpGet.path).not.toBe(readinessProbe.httpGet.path);
    expect(readinessProbe.timeoutSeconds).toBeGreaterThan(2);
    expect(textOf(ROOT, 'Dockerfile')).toContain(`EXPOSE ${ports[0]?.containerPort}\n`);
  });

  it('a pod has the time to leave the proxies and to end by itself, and its processor is not limited', () => {
    const { terminationGracePeriodSeconds, containers } = podOf('deployment.yaml');
    const leavingMs = containers[0].lifecycle.preStop.sleep.seconds * 1_000;
    expect(terminationGracePeriodSeconds * 1_000).toBeGreaterThanOrEqual(leavingMs + STOP_MS);
    expect(Object.keys(containers[0].resources.limits)).toEqual(['memory']);
  });

  it('variables are those of the configuration, each a text, and a secret is in no file of the kustomization', () => {
    const known = textOf(ROOT, '.env.example');
    const secrets = parseAllDocuments(textOf(KUBERNETES, BY_HAND)).map(
      (document) => document.toJS() as { stringData: Record<string, string> },
    );
    const given = ['deployment.yaml', 'migrate.yaml'].flatMap((file) => podOf(file).containers[0].env);
    expect(given.filter(({ value }) => typeof value !== 'string')).toEqual([]);
    const names = [...given.map(({ name }) => name), ...secrets.flatMap(({ stringData }) => Object.keys(stringData))];
    expect(names.filter((name) => !known.includes(`# ${name}=`))).toEqual([]);
    const secretNames = secrets.flatMap(({ stringData }) => Object.keys(stringData));
    expect(given.filter(({ name }) => secretNames.includes(name))).toEqual([]);
  });

  it('a drained machine leaves instances, and the largest number of them fits into the connections of the database', () => {
    const { minReplicas, maxReplicas } = autoscaler();
    const { spec } = read<{ spec: { maxUnavailable: number } }>(KUBERNETES, 'disruption-budget.yaml');
    expect(minReplicas - spec.maxUnavailable).toBeGreaterThanOrEqual(2);
    const { bootstrap } = read<{
      bootstrap: { dcs: { postgresql: { parameters: { max_connections: number } } } };
    }>(CLUSTER, 'patroni.yml');
    expect(maxReplicas * CONNECTIONS_OF_AN_INSTANCE).toBeLessThan(bootstrap.dcs.postgresql.parameters.max_connections);
  });
});

const FLAGS = '--enable-source-maps --max-semi-space-size=12 --heap-growing-percent=30';
/** Places that start the portal, and the file that they start. */
const STARTS: Readonly<Record<string, RegExp>> = {
  Dockerfile: /"(--.+)", "dist\/portal\/main\.js"/g,
  'docker-compose.demo.yml': /node, (--.+), \/app\/dist\/portal\/main\.js/g,
  'deploy/cluster/latchkey.service': /node (--.+) dist\/portal\/main\.js/g,
  'package.json': /node (--\S+(?: --\S+)*) tools\/start\.mjs/g,
  'bench/support/child.ts': /PORTAL_FLAGS = \['(.+)'\]/g,
};

it('each place that starts the portal gives Node.js the same flags, which bound young objects and garbage among old ones', () => {
  const given = Object.entries(STARTS).flatMap(([file, start]) =>
    [...textOf(ROOT, file).matchAll(start)].map(([, flags]) => [
      file,
      flags?.replaceAll(/[",']+ ?/g, ' ').replaceAll('  ', ' '),
    ]),
  );
  expect(given.map(([, flags]) => flags)).toEqual(given.map(() => FLAGS));
  expect(new Set(given.map(([file]) => file))).toEqual(new Set(Object.keys(STARTS)));
});

describe('files of deploy/cluster', () => {
  it('Patroni loses no acknowledged change, and replaces a primary within a minute', () => {
    const { bootstrap } = read<{ bootstrap: { dcs: Record<string, number | boolean | string> } }>(
      CLUSTER,
      'patroni.yml',
    );
    expect(bootstrap.dcs).toMatchObject({
      synchronous_mode: 'on',
      synchronous_mode_strict: true,
      synchronous_node_count: 1,
      // More than a primary ever writes before it is replaced. `test:cluster` shows what a bound of 0 does.
      maximum_lag_on_failover: 2 ** 40,
      primary_start_timeout: 0,
    });
    expect(bootstrap.dcs['ttl']).toBeLessThanOrEqual(60);
  });

  it('a machine gives up a silent connection before a primary is replaced, so that etcd has a majority again by then', () => {
    const [, retries] = /^net\.ipv4\.tcp_retries2 = (\d+)$/m.exec(textOf(CLUSTER, 'sysctl.conf')) ?? [];
    const { bootstrap } = read<{ bootstrap: { dcs: { ttl: number } } }>(CLUSTER, 'patroni.yml');
    // The kernel waits 0.2 s for the first acknowledgement, and twice as long each time after that.
    const patience = 0.2 * (2 ** (Number(retries) + 1) - 1);
    expect(patience).toBeLessThan(bootstrap.dcs.ttl);
  });

  it('HAProxy asks Patroni for the primary, and cuts the clients of one that was replaced', () => {
    const [, primary] = /listen primary\n((?: .*\n|\n)+)/.exec(textOf(CLUSTER, 'haproxy.cfg')) ?? [];
    for (const setting of ['httpchk GET /primary', 'on-marked-down shutdown-sessions', 'check port 8008'])
      expect(primary).toContain(setting);
  });

  it('PgBouncer pools transactions, and reaches the primary by the port of HAProxy', () => {
    const pooler = textOf(CLUSTER, 'pgbouncer.ini');
    expect(pooler).toContain('pool_mode = transaction');
    expect(pooler).toContain('host=haproxy port=5000');
    expect(textOf(CLUSTER, 'haproxy.cfg')).toMatch(/listen primary\n {4}bind :5000\n/);
  });

  it('systemd waits longer for the end of the application than the application takes', () => {
    const [, seconds] = /^TimeoutStopSec=(\d+)$/m.exec(textOf(CLUSTER, 'latchkey.service')) ?? [];
    expect(Number(seconds) * 1_000).toBeGreaterThan(STOP_MS);
  });
});
