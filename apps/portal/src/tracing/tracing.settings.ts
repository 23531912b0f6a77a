/** Where traces are sent, and which share of them. */
export interface TracingSettings {
  /** Base URL of an OTLP/HTTP receiver; `/v1/traces` is added. */
  readonly endpoint: string;
  readonly serviceName: string;
  /** From 0 to 1: the share of requests whose trace is kept. */
  readonly sampledShare: number;
}
