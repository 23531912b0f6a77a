/** One check that readiness depends on. */
export interface Check {
  readonly status: 'up' | 'degraded' | 'down';
  readonly message?: string;
}

type Checks = Readonly<Record<string, Check>>;

/** Readiness in the form that monitors of Nest applications know: the checks that pass, the checks that fail, and all checks. */
export interface Health {
  readonly status: 'ok' | 'degraded' | 'error';
  readonly info: Checks;
  readonly error: Checks;
  readonly details: Checks;
}

/** `error` if any check is down, else `degraded` if any check is degraded, else `ok`. */
export function healthOf(details: Checks): Health {
  const where = (isWanted: (check: Check) => boolean): Checks =>
    Object.fromEntries(Object.entries(details).filter(([, check]) => isWanted(check)));
  const error = where(({ status }) => status === 'down');
  const info = where(({ status }) => status !== 'down');
  const isDegraded = Object.values(details).some(({ status }) => status === 'degraded');
  const status = Object.keys(error).length > 0 ? 'error' : isDegraded ? 'degraded' : 'ok';
  return { status, info, error, details };
}
