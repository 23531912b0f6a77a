import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const FOLDER = resolve(import.meta.dirname, '../../deploy/cluster');
const textOf = (file: string) => readFileSync(join(FOLDER, file), 'utf8');

/** The files that every node has of its own say in their first line what differs: the name, and the addresses of the node itself. */
const OWN_NAME = /^( *(?:name|connect_address|advertise-client-urls|initial-advertise-peer-urls): .*)\bnode1\b/gm;
const forNode = (text: string, name: string) => text.replaceAll(OWN_NAME, `$1${name}`);

export const patroniOf = (name: string): string => forNode(textOf('patroni.yml'), name);
export const etcdOf = (name: string): string => forNode(textOf('etcd.yml'), name);
export const haproxy = (): string => textOf('haproxy.cfg');
export const sysctl = (): string => textOf('sysctl.conf');
export const pgbouncer = (): string => textOf('pgbouncer.ini');
export const valkey = (): string => textOf('valkey.conf');

/** The command that its comment names, which makes the nodes one cluster. */
export function makeValkeyCluster(password: string, nodes: readonly string[]): string[] {
  const [, command = ''] = /^# +(valkey-cli .*)$/m.exec(valkey()) ?? [];
  const places = nodes.map((name) => `${name}:6379`).join(' ');
  return [
    ...command.replace('PASSWORD', password).replace('HOST:6379 …', places).split(' '),
    '--cluster-yes',
    '--no-auth-warning',
  ];
}

/** A certificate of the names given, which signs itself. */
export function certificateFor(names: readonly string[]): { crt: string; key: string } {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-certificate-'));
  const [crt, key] = [join(folder, 'server.crt'), join(folder, 'server.key')];
  const alternatives = `subjectAltName=${names.map((name) => `DNS:${name}`).join()}`;
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '1'];
  const subject = ['-subj', '/CN=cluster', '-addext', alternatives];
  execFileSync('openssl', ['req', ...kind, ...subject, '-keyout', key, '-out', crt], { stdio: 'ignore' });
  const certificate = { crt: readFileSync(crt, 'utf8'), key: readFileSync(key, 'utf8') };
  rmSync(folder, { recursive: true });
  return certificate;
}
