import { Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Connection } from '#kernel';
import type { AlertRow, AlertStatus } from './alert.reader.js';

export const ALERT_SEVERITY = { INFO: 'INFO', WARNING: 'WARNING', CRITICAL: 'CRITICAL' } as const;
export const ALERT_STATUS = { FIRING: 'FIRING', RESOLVED: 'RESOLVED' } as const;

registerEnumType(ALERT_SEVERITY, {
  name: 'AlertSeverity',
  description: 'How much an alert matters.',
  valuesMap: {
    INFO: { description: 'Good to know.' },
    WARNING: { description: 'Will need someone.' },
    CRITICAL: { description: 'Needs someone now.' },
  },
});
registerEnumType(ALERT_STATUS, {
  name: 'AlertStatus',
  description: 'Does the fault last?',
  valuesMap: {
    FIRING: { description: 'It lasts.' },
    RESOLVED: { description: 'It is over.' },
  },
});

@ObjectType('Alert', { description: 'Something that monitoring saw wrong with a device.' })
export class AlertObject {
  @Field(() => ID)
  id!: string;
  @Field(() => ALERT_SEVERITY)
  severity!: AlertRow['severity'];
  @Field(() => ALERT_STATUS)
  status!: AlertStatus;
  @Field()
  message!: string;
  @Field()
  firedAt!: Date;
  @Field(() => Date, { nullable: true, description: 'Null while it is firing.' })
  resolvedAt!: Date | null;
  /** Behind a resolver of its own, since devices are another room's. */
  deviceId!: string;

  static from(row: AlertRow): AlertObject {
    return Object.assign(new AlertObject(), {
      id: row.id,
      severity: row.severity,
      status: row.resolvedAt ? ALERT_STATUS.RESOLVED : ALERT_STATUS.FIRING,
      message: row.message,
      firedAt: row.firedAt,
      resolvedAt: row.resolvedAt,
      deviceId: row.deviceId,
    });
  }
}

@ObjectType({ description: 'A page of alerts, newest first.' })
export class AlertConnection extends Connection(AlertObject, 'Alert') {}
