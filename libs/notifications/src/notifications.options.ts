import { ConfigurableModuleBuilder } from '@nestjs/common';

export interface NotificationsOptions {
  /** Accept `http:` addresses of endpoints too. For development only. */
  acceptHttp: boolean;
  /** Networks in CIDR form that endpoints may lie in although the public cannot reach them. */
  allowedNetworks: readonly string[];
  /** Deliveries that are due are looked for once per this many milliseconds. Undefined: this process sends nothing. */
  pollMs?: number;
  /** Keys that expire are looked for once per this many milliseconds, over all instances. Undefined: this process does not look. */
  sweepMs?: number;
  /** The server that mails are sent by, and the address of their sender. Undefined: no mail is sent. */
  mail?: { smtpUrl: string; from: string } | undefined;
  /** The address of the console, without a slash at its end. Undefined: mails have no link. */
  consoleUrl?: string | undefined;
}

export const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN: NOTIFICATIONS_OPTIONS } =
  new ConfigurableModuleBuilder<NotificationsOptions>().setClassMethodName('forRoot').build();
