import type { Mutant } from './mutants.ts';

const SCANNING = 'libs/api-keys/src/secret-scanning';
const SPEC = 'test/e2e/secret-scanning.spec.ts';
const FAULTS = 'test/faults/secret-scanners.spec.ts';

/** Defects in what is believed of a stranger who reports a leaked key. */
export const SCANNING_MUTANTS: readonly Mutant[] = [
  {
    defect: 'a report is believed whatever its signature',
    file: `${SCANNING}/scanner-signatures.ts`,
    from: 'if (!key || !isSignedBy(key, body, signature)) throw',
    to: 'if (!key) throw',
    spec: SPEC,
    only: 'is refused, and nothing is looked up',
  },
  {
    defect: 'keys on any curve prove a report',
    file: `${SCANNING}/scanner-signature.rules.ts`,
    from: "key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === CURVE ? key : null",
    to: "key.asymmetricKeyType === 'ec' || CURVE === '' ? key : null",
    spec: FAULTS,
    only: 'on another curve',
  },
  {
    defect: 'a report goes from deployment to deployment for ever',
    file: `${SCANNING}/scanner-relay.ts`,
    from: 'if (headerValues(raw, RELAYED).length > 0) return new Set();',
    to: '',
    spec: FAULTS,
    only: 'by one step at most',
  },
  {
    defect: 'the place where a key was found shows the key',
    file: 'libs/api-keys/src/keys/api-key.format.ts',
    from: "return text.replace(this.within, '$1…');",
    to: 'return text;',
    spec: 'test/e2e/leak-report.spec.ts',
    only: 'stores where each was found',
  },
  {
    defect: 'a rotation is completed though nobody has the new secret',
    file: 'libs/api-keys/src/changes/rotation.service.ts',
    from: 'if (!isForced && !isSettled(key, clock))',
    to: 'if (!isForced && !isSettled(key, clock) && key.version < 0)',
    spec: 'test/e2e/rotation-end.spec.ts',
    only: 'end of a rotation is refused while',
  },
];
