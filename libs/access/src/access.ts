import type { UserRole } from './words.js';

/** Who may reach a resolver or a handler. Each entry point has one declaration; an undeclared one is closed. */
export type Access =
  | { readonly kind: 'public' }
  | {
      readonly kind: 'authenticated';
      readonly tenant: TenantNeed;
      readonly keyOnly: boolean;
      readonly isImplied?: boolean;
    }
  | { readonly kind: 'session'; readonly tenant: TenantNeed; readonly role: UserRole | undefined }
  | { readonly kind: 'scopes'; readonly tenant: 'required'; readonly scopes: readonly string[] };

/** `optional`: also open to a super admin who named no tenant. */
export type TenantNeed = 'required' | 'optional';
