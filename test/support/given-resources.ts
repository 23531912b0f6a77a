import { AlertIntake } from '#alerts';
import type { GivenDevice, GivenTenant } from './given.js';
import type { TestPortal } from './test-portal.js';

const STORE = `mutation ($input: StoreConfigBackupInput!) { storeConfigBackup(input: $input) { configBackup { id } } }`;
const SCHEDULE = `mutation ($input: ScheduleFirmwareUpgradeInput!) {
  scheduleFirmwareUpgrade(input: $input) { firmwareUpgrade { id } }
}`;

interface OfDevice {
  tenant: GivenTenant;
  device: GivenDevice;
}

/** Facts that hang on a device, and their ids. */
export class GivenResources {
  constructor(private readonly api: TestPortal) {}

  /** Made as monitoring reports it. */
  async alert({
    tenant,
    device,
    firedAt,
    resolvedAt,
    severity = 'WARNING',
    message = 'Link down',
  }: OfDevice & {
    firedAt?: Date;
    resolvedAt?: Date;
    severity?: 'INFO' | 'WARNING' | 'CRITICAL';
    message?: string;
  }): Promise<string> {
    const intake = this.api.app.get(AlertIntake, { strict: false });
    const by = { tenantId: tenant.id };
    const { id } = await intake.raise(by, { deviceId: device.id, severity, message, ...(firedAt ? { firedAt } : {}) });
    if (resolvedAt) await intake.resolve(by, id, resolvedAt);
    return id;
  }

  async configBackup({ tenant, device, content = 'hostname sw\n' }: OfDevice & { content?: string }): Promise<string> {
    const { session } = await this.api.given.admin(tenant);
    const answer = await this.api.query(STORE, { session, variables: { input: { deviceId: device.id, content } } });
    return answer.at('storeConfigBackup.configBackup.id');
  }

  async firmwareUpgrade({
    tenant,
    device,
    targetVersion = '10.14.0',
    scheduledAt = '2099-01-01T03:00:00Z',
  }: OfDevice & { targetVersion?: string; scheduledAt?: string }): Promise<string> {
    const { session } = await this.api.given.admin(tenant);
    const input = { deviceId: device.id, targetVersion, scheduledAt };
    const answer = await this.api.query(SCHEDULE, { session, variables: { input } });
    return answer.at('scheduleFirmwareUpgrade.firmwareUpgrade.id');
  }
}
