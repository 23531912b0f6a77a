import type { Answer } from './answer.js';
import type { GivenTenant, GivenUser } from './given.js';
import { TestPortal } from './test-portal.js';

/** A portal, and what each test begins with: a tenant of its own, with an admin. */
export class OwnTenant {
  api!: TestPortal;
  tenant!: GivenTenant;
  admin!: GivenUser;

  /** Asks as the admin. */
  readonly ask = (query: string, variables: Record<string, unknown> = {}): Promise<Answer> =>
    this.api.query(query, { session: this.admin.session, variables });
}

/** Starts a portal for the tests of a block; what the returned object holds is that of the running test. */
export function ownTenant(): OwnTenant {
  const own = new OwnTenant();
  beforeAll(async () => {
    own.api = await TestPortal.start();
  });
  beforeEach(async () => {
    own.tenant = await own.api.given.tenant();
    own.admin = await own.api.given.admin(own.tenant);
  });
  afterAll(() => own.api.stop());
  return own;
}
