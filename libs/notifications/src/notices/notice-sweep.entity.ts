import { defineEntity, p } from '@mikro-orm/core';
import { JOBS_WORK } from '#database/schema';

const NoticeSweepSchema = defineEntity({
  name: 'NoticeSweep',
  tableName: 'notice_sweeps',
  rowLevelSecurity: 'force',
  policies: [JOBS_WORK],
  properties: {
    name: p.text().primary(),
    /** The last key that this pass over all keys has seen. Null: no pass is under way. */
    lastKeyId: p.uuid().nullable(),
    /** The end of the last pass. */
    sweptAt: p.datetime().nullable(),
    /** Nothing that was due before this instant is reported. */
    begunAt: p.datetime().defaultRaw('now()'),
  },
});
/** How far the instances have come together in their pass over all keys. */
export class NoticeSweep extends NoticeSweepSchema.class {}
NoticeSweepSchema.setClass(NoticeSweep);
