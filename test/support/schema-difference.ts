import type { openOrm } from '#database/testing';

/** Entities can refer to primary keys only, so that the ORM would drop this foreign key. */
export const BEYOND_THE_ORM = 'api_key_former_secrets_api_key_id_tenant_id_foreign';

/** The SQL that would make of the database what the entities describe; empty where nothing differs. */
export async function schemaDifference(orm: Awaited<ReturnType<typeof openOrm>>): Promise<string> {
  const sql = await orm.schema.getUpdateSchemaSQL({ wrap: false });
  return sql.replace(`alter table "api_key_former_secrets" drop constraint "${BEYOND_THE_ORM}";\n`, '');
}
