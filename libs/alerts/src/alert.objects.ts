import { Field, ID, ObjectType } from '@nestjs/graphql';
import { Connection, describedEnum } from '#graphql';
import type { AlertRow, AlertStatus } from './alert.reader.js';

const ALERT_SEVERITY = describedEnum('AlertSeverity', 'How much an alert matters.', {
  INFO: 'Good to know; nothing has to be done.',
  WARNING: 'Will need someone, not now.',
  CRITICAL: 'Needs someone at once.',
});
export const ALERT_STATUS = describedEnum('AlertStatus', 'Does the fault last?', {
  FIRING: 'The fault lasts; `resolvedAt` is null.',
  RESOLVED: 'The fault is over since `resolvedAt`.',
});

@ObjectType('Alert', { description: 'Something that monitoring saw wrong with a device.' })
export class AlertObject {
  @Field(() => ID, { description: 'A UUID; it never changes.' })
  id!: string;
  @Field(() => ALERT_SEVERITY, { description: 'How much it matters, as monitoring judged it.' })
  severity!: AlertRow['severity'];
  @Field(() => ALERT_STATUS, { description: 'Whether the fault lasts.' })
  status!: AlertStatus;
  @Field({ description: 'What was seen, in words for people.' })
  message!: string;
  @Field({ description: 'When it was first seen.' })
  firedAt!: Date;
  @Field(() => Date, { nullable: true, description: 'When it was over. Null while it is firing.' })
  resolvedAt!: Date | null;
  /** Has a resolver of its own, since devices belong to another room. */
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
