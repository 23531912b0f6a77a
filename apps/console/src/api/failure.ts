import type { CombinedError } from 'urql';

/** One thing wrong with what was typed, and where. */
export interface Problem {
  path: (string | number)[];
  code: string;
  message: string;
  suggestions?: string[];
}

export type FailureKind =
  'offline' | 'unreachable' | 'unavailable' | 'forbidden' | 'input' | 'conflict' | 'not-found' | 'limited' | 'other';

/** Why something was not done, for the page that shows it. */
export interface Failure {
  kind: FailureKind;
  message: string;
  reason: string | undefined;
  problems: Problem[];
  currentVersion: number | undefined;
  /** What an administrator of the portal finds the request by. */
  requestId: string | undefined;
}

const KINDS: Readonly<Record<string, FailureKind>> = {
  FORBIDDEN: 'forbidden',
  BAD_USER_INPUT: 'input',
  CONFLICT: 'conflict',
  NOT_FOUND: 'not-found',
  RATE_LIMITED: 'limited',
  SERVICE_UNAVAILABLE: 'unavailable',
};

export function failureOf(error: CombinedError): Failure {
  const response = error.response as Response | undefined;
  const requestId = response?.headers?.get('x-request-id') ?? undefined;
  const nothing = { reason: undefined, problems: [], currentVersion: undefined, requestId };
  const [first] = error.graphQLErrors;
  if (!first) {
    if (response?.status === 503) return { ...nothing, kind: 'unavailable', message: UNAVAILABLE };
    if (!navigator.onLine) return { ...nothing, kind: 'offline', message: OFFLINE };
    return { ...nothing, kind: 'unreachable', message: UNREACHABLE };
  }
  const { code, reason, problems, currentVersion } = first.extensions as Record<string, unknown>;
  const kind = KINDS[String(code)] ?? 'other';
  // A refusal that depends on stored values is answered with 200, and its message says more than the words below.
  const isRefusedWhole = response?.status === 403;
  return {
    ...nothing,
    kind,
    message: kind === 'unavailable' ? UNAVAILABLE : (isRefusedWhole && FORBIDDEN[String(reason)]) || first.message,
    reason: typeof reason === 'string' ? reason : undefined,
    problems: Array.isArray(problems) ? (problems as Problem[]) : [],
    currentVersion: typeof currentVersion === 'number' ? currentVersion : undefined,
  };
}

/** What the portal would answer, without asking it. */
export function forbidden(reason: string): Failure {
  const message = FORBIDDEN[reason] ?? '';
  return { kind: 'forbidden', message, reason, problems: [], currentVersion: undefined, requestId: undefined };
}

const OFFLINE = 'This browser is offline. What you see may be old; what you typed is still here.';
const UNREACHABLE =
  'The portal could not be reached. Whether it took the request is not known: look before you repeat it.';
const UNAVAILABLE =
  'The portal cannot reach its database at the moment. Whether a change was made is not known: look before you repeat it.';
const FORBIDDEN: Readonly<Record<string, string>> = {
  ROLE_REQUIRED: 'Your role may not do this. It is for the admins of the tenant.',
  TENANT_REQUIRED: 'Choose a tenant first.',
  WRONG_TENANT: 'There is no such tenant, or you may not enter it.',
};
