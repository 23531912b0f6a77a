import { defineEntity, p } from '@mikro-orm/core';
import { type TableOf, TENANT_ISOLATION, Tenant } from '@latchkey/nestjs/schema';

const NoteSchema = defineEntity({
  name: 'Note',
  tableName: 'notes',
  rowLevelSecurity: 'force',
  policies: [TENANT_ISOLATION],
  properties: {
    id: p.uuid().primary().defaultRaw('gen_random_uuid()'),
    tenantId: () => p.manyToOne(Tenant).mapToPk().fieldName('tenant_id').deleteRule('cascade'),
    text: p.text(),
  },
});
export class Note extends NoteSchema.class {}
NoteSchema.setClass(Note);
export type NoteTable = TableOf<typeof NoteSchema>;
