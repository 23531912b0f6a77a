export interface SecretHolder {
  hash: string;
  apiKeyId: string;
  tenantId: string;
  secretNumber: number;
}

/** The keys that these secrets belong to, in whatever state each key is. `$1`: an array of hashes. */
export const HOLDERS_SQL = `
  select key_hash as hash, id as "apiKeyId", tenant_id as "tenantId", secret_number as "secretNumber"
  from api_keys where key_hash = any($1::text[])
  union all
  select former.key_hash, former.api_key_id, former.tenant_id, former.secret_number
  from api_key_former_secrets former join api_keys on (api_keys.id, api_keys.tenant_id) = (former.api_key_id, former.tenant_id)
  where former.key_hash = any($1::text[])`;
