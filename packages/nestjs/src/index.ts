/**
 * The wiring of an application: the modules, the guard, the migrations, and the administration of keys and users. Loads no package of
 * GraphQL.
 */
export { AccessModule, ScopeCatalogue } from '#access';
export type { ScopeCatalogueOptions, SessionVerifier, UserPrincipal } from '#access';
export { ApiKeyGuard, ApiKeysModule, KeyAdministration, SecretScanningModule } from '#api-keys';
export { INTROSPECTION_SCOPES, KeyIntrospectionModule } from '#api-keys';
export type { ApiKeyRow, ApiKeysOptions, ApiKeyStatus, RevocationReason } from '#api-keys';
export { administratorSql, DatabaseModule, migrate, schemaState } from '#database';
export type { DatabaseOptions } from '#database';
export { HttpErrorFilter } from '#http';
export { AccountDirectory, TenancyAdministration, TenancyModule } from '#tenancy';
export type { Account, NewUser } from '#tenancy';
