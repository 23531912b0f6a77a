import { useEffect } from 'react';

/** Runs something again and again, while `milliseconds` is given. */
export function useInterval(run: () => void, milliseconds: number | undefined): void {
  useEffect(() => {
    if (milliseconds === undefined) return undefined;
    const timer = setInterval(run, milliseconds);
    return () => clearInterval(timer);
  }, [run, milliseconds]);
}
