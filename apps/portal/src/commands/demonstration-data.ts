import type { Observation } from '#alerts';
import type { NewConfigBackup } from '#config-backups';
import type { NewUser } from '#tenancy';

type Colleague = Omit<NewUser, 'tenantId'>;
type Backup = Omit<NewConfigBackup, 'deviceId'>;

interface Alert extends Omit<Observation, 'deviceId' | 'firedAt'> {
  hoursAgo: number;
  /** Undefined while the alert is firing. */
  lastedHours?: number;
}
interface Upgrade {
  targetVersion: string;
  inDays: number;
  isCancelled?: boolean;
}
export interface DemonstrationDevice {
  device: { hostname: string; ipAddress: string; model: string; serialNumber: string; firmwareVersion: string };
  alerts: readonly Alert[];
  /** Oldest first. */
  backups: readonly Backup[];
  upgrades: readonly Upgrade[];
}

export const DEMONSTRATION_ADMIN = 'admin@demo.example';

export const COLLEAGUES: readonly Colleague[] = [
  { email: 'operator@demo.example', name: 'Olga Operator', role: 'OPERATOR', kind: 'HUMAN' },
  { email: 'viewer@demo.example', name: 'Victor Viewer', role: 'VIEWER', kind: 'HUMAN' },
  { email: 'backup-job@demo.example', name: 'Nightly backup job', role: 'OPERATOR', kind: 'SERVICE' },
];

/** A user of the platform, who belongs to no tenant. */
export const PLATFORM_ADMIN: NewUser = {
  tenantId: null,
  email: 'platform@demo.example',
  name: 'Petra Platform',
  role: 'SUPER_ADMIN',
  kind: 'HUMAN',
};

/** The people who can be signed in by one click on a developer's machine, the admin first. */
export const DEMONSTRATION_PEOPLE: readonly string[] = [
  DEMONSTRATION_ADMIN,
  ...COLLEAGUES.filter(({ kind }) => kind === 'HUMAN').map(({ email }) => email),
  PLATFORM_ADMIN.email,
];

const switchConfig = (vlans: readonly (readonly [number, string])[]) => `!
!Version ArubaOS-CX FL.10.13.0001
!export-password: default
hostname core-sw-01
domain-name demo.example
logging 10.20.0.40 severity warning
ntp server 10.20.0.10 iburst prefer
ntp enable
ssh server vrf mgmt
spanning-tree
spanning-tree priority 1
${vlans.map(([id, name]) => `vlan ${id}\n    name ${name}`).join('\n')}
interface mgmt
    no shutdown
    ip static 10.20.0.1/24
    default-gateway 10.20.0.254
interface lag 1
    description uplink to edge-rt-01
    no shutdown
    no routing
    vlan trunk native 1
    vlan trunk allowed ${vlans.map(([id]) => id).join(',')}
    lacp mode active
interface 1/1/1
    description access, first floor
    no shutdown
    no routing
    vlan access ${vlans.at(-1)?.[0]}
interface 1/1/47-1/1/48
    no shutdown
    lag 1
https-server vrf mgmt
`;

const routerConfig = (description: string) => `## Last commit by netops
version 23.4R2.13;
system {
    host-name edge-rt-01;
    domain-name demo.example;
    services {
        ssh {
            root-login deny;
            protocol-version v2;
        }
    }
    ntp {
        server 10.20.0.10;
    }
}
interfaces {
    xe-0/0/0 {
        description "${description}";
        unit 0 {
            family inet {
                address 203.0.113.2/30;
            }
        }
    }
    ae0 {
        description "core-sw-01 lag 1";
        unit 0 {
            family inet {
                address 10.20.0.254/24;
            }
        }
    }
}
protocols {
    bgp {
        group transit {
            type external;
            peer-as 64500;
            neighbor 203.0.113.1;
        }
    }
}
`;

const VLANS = [
  [10, 'servers'],
  [20, 'voice'],
] as const;

/** Relative to the start, so that the date is never in the past. */
export const DEMONSTRATION_DEVICES: readonly DemonstrationDevice[] = [
  {
    device: {
      hostname: 'core-sw-01',
      ipAddress: '10.20.0.1',
      model: 'CX 6300',
      serialNumber: 'SG12K0A1',
      firmwareVersion: '10.13.1',
    },
    alerts: [
      { severity: 'CRITICAL', message: 'Power supply 2: input voltage lost', hoursAgo: 170, lastedHours: 2 },
      { severity: 'INFO', message: 'Configuration changed by netops over SSH', hoursAgo: 50, lastedHours: 0 },
      { severity: 'WARNING', message: 'Interface 1/1/47: 412 CRC errors in 5 minutes', hoursAgo: 3 },
    ],
    backups: [
      { trigger: 'SCHEDULED', content: switchConfig(VLANS) },
      { trigger: 'PRE_UPGRADE', content: switchConfig([...VLANS, [30, 'guests']]) },
    ],
    upgrades: [
      { targetVersion: '10.13.1010', inDays: 2, isCancelled: true },
      { targetVersion: '10.14.1000', inDays: 6 },
    ],
  },
  {
    device: {
      hostname: 'edge-rt-01',
      ipAddress: '10.20.0.254',
      model: 'MX 204',
      serialNumber: 'JN98B231',
      firmwareVersion: '23.4R2',
    },
    alerts: [
      { severity: 'CRITICAL', message: 'BGP session to 203.0.113.1 (AS 64500) is down', hoursAgo: 26, lastedHours: 1 },
      { severity: 'WARNING', message: 'Routing engine 0: memory at 87 %', hoursAgo: 5 },
    ],
    backups: [
      { trigger: 'SCHEDULED', content: routerConfig('transit') },
      { trigger: 'MANUAL', content: routerConfig('transit, 10G, contract 4711') },
    ],
    upgrades: [{ targetVersion: '23.4R2-S3', inDays: 13 }],
  },
];
