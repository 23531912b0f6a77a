import { etcdOf, haproxy, patroniOf, pgbouncer } from './files.js';

const NODES = ['node1', 'node2', 'node3'];
/** The lines of `text` that differ from those of `other`, in pairs. */
const differences = (text: string, other: string) =>
  text.split('\n').flatMap((line, at) => {
    const its = other.split('\n')[at];
    return line === its ? [] : [[line.trim(), its?.trim()]];
  });

describe('files of deploy/cluster', () => {
  it('those of another node differ in its name and in its own addresses alone', () => {
    expect(differences(patroniOf('node1'), patroniOf('node2'))).toEqual([
      ['name: node1', 'name: node2'],
      ['connect_address: node1:8008', 'connect_address: node2:8008'],
      ['connect_address: node1:5432', 'connect_address: node2:5432'],
    ]);
    expect(differences(etcdOf('node1'), etcdOf('node3'))).toEqual([
      ['name: node1', 'name: node3'],
      ['advertise-client-urls: http://node1:2379', 'advertise-client-urls: http://node3:2379'],
      ['initial-advertise-peer-urls: http://node1:2380', 'initial-advertise-peer-urls: http://node3:2380'],
    ]);
  });

  it('all name the same nodes, and PgBouncer the machine of HAProxy', () => {
    for (const text of [patroniOf('node1'), etcdOf('node1'), haproxy()])
      expect(NODES.filter((name) => !text.includes(`${name}:`))).toEqual([]);
    expect(pgbouncer()).toContain('host=haproxy port=5000');
  });
});
