/** The part of a logger that is needed here. */
interface LineLogger {
  log(message: string): void;
  warn(message: string): void;
}

/** Two lines of the log for an outage of something that is needed: the first failure, with its cause, and the next success. */
export class OutageLines {
  private isAway = false;

  constructor(
    private readonly logger: LineLogger,
    private readonly lines: { readonly begins: string; readonly ends: string },
  ) {}

  failed(error: unknown): void {
    if (!this.isAway) this.logger.warn(`${this.lines.begins}: ${causeOf(error)}`);
    this.isAway = true;
  }

  worked(): void {
    if (this.isAway) this.logger.log(this.lines.ends);
    this.isAway = false;
  }
}

/** Clients see an outage without its cause; the log needs the cause. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error ? cause.message : String(cause);
}
