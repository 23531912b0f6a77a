import type { Mutant } from './mutants.ts';

const CONSOLE = 'apps/portal/src/console';
const SPEC = 'test/e2e/console.spec.ts';

/** Defects in how the portal serves the console, and in the sign-in of development. */
export const CONSOLE_MUTANTS: readonly Mutant[] = [
  {
    defect: 'the sign-in of development is there in production',
    file: `${CONSOLE}/console.mode.ts`,
    from: 'if (issuer || isProduction) return',
    to: 'if (issuer && !isProduction) return',
    spec: SPEC,
    only: 'is off without a client id',
  },
  {
    defect: 'a page of another origin is given a session of development',
    file: `${CONSOLE}/development-sign-in.controller.ts`,
    from: "site === undefined || site === 'same-origin'",
    to: "site === undefined || site !== 'none'",
    spec: SPEC,
    only: 'a page of another origin',
  },
  {
    defect: 'a name that was made to point at this machine is given a session of development',
    file: `${CONSOLE}/development-sign-in.controller.ts`,
    from: "LOOPBACK_HOST.test(headers.host ?? '') &&",
    to: '',
    spec: SPEC,
    only: 'under a host name that somebody else pointed here',
  },
  {
    defect: 'anybody is given a session of development',
    file: `${CONSOLE}/development-sign-in.controller.ts`,
    from: 'if (!DEMONSTRATION_PEOPLE.some((known) => known === email)) throw new NotFoundException();',
    to: '',
    spec: SPEC,
    only: 'gives no session of any other user',
  },
  {
    defect: 'the console may be framed by any page',
    file: `${CONSOLE}/console.page.ts`,
    from: `"frame-ancestors 'none'"`,
    to: `"frame-ancestors *"`,
    spec: SPEC,
    only: 'is answered with the page of the console',
  },
];
