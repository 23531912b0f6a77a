import { Field, ID, ObjectType } from '@nestjs/graphql';
import { Connection, describedEnum } from '#kernel';
import type { AlertRow, AlertStatus } from './alert.reader.js';

export const ALERT_SEVERITY = describedEnum('AlertSeverity', 'How much an alert matters.', {
  INFO: 'Good to know.',
  WARNING: 'Will need someone.',
  CRITICAL: 'Needs someone now.',
});
export const ALERT_STATUS = describedEnum('AlertStatus', 'Does the fault last?', {
  FIRING: 'It lasts.',
  RESOLVED: 'It is over.',
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
