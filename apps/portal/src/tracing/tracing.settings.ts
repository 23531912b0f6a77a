/** Where traces go, and how many. */
export interface TracingSettings {
  /** Base URL of an OTLP/HTTP receiver; `/v1/traces` is added. */
  readonly endpoint: string;
  readonly serviceName: string;
  /** From 0 to 1: of this share of all requests a trace is kept. */
  readonly sampledShare: number;
}
