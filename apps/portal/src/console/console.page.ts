import { randomBytes } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import { Inject, Injectable } from '@nestjs/common';
import { ConsoleAssets } from './console.assets.js';
import type { ConsoleMode } from './console.mode.js';

export const CONSOLE_SETTINGS = Symbol('CONSOLE_SETTINGS');

export interface ConsoleSettings {
  mode: Exclude<ConsoleMode, { kind: 'off' }>;
  hasExplorer: boolean;
  keyPrefix: string;
}

const SETTINGS_PLACE = /(<script id="settings" type="application\/json">)[^<]*/;
const NONCE_PLACE = 'nonce-here';

/** Answers with the console's page: what this portal is, written into it as data, and the policy it runs under. */
@Injectable()
export class ConsolePage {
  constructor(
    private readonly assets: ConsoleAssets,
    @Inject(CONSOLE_SETTINGS) private readonly settings: ConsoleSettings,
  ) {}

  /** @param address from where the browser asks, as a network of a key would be compared with it */
  send(reply: FastifyReply, address: string): string {
    const nonce = randomBytes(16).toString('base64');
    this.head(reply, nonce, "frame-ancestors 'none'");
    return this.filled(this.assets.page, nonce, address);
  }

  /** The one page that may be framed, and only by the console. */
  sendRenewal(reply: FastifyReply): string {
    const nonce = randomBytes(16).toString('base64');
    this.head(reply, nonce, "frame-ancestors 'self'");
    return this.filled(this.assets.renewalPage, nonce, '');
  }

  private head(reply: FastifyReply, nonce: string, ancestors: string): void {
    void reply.type('text/html; charset=utf-8').headers({
      'content-security-policy': `${this.contentSecurityPolicy(nonce)}; ${ancestors}`,
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
      'permissions-policy': 'camera=(), geolocation=(), microphone=()',
    });
  }

  private filled(page: string, nonce: string, address: string): string {
    const settings = JSON.stringify({ ...this.settings, address }).replaceAll('<', '\\u003c');
    return page.replace(SETTINGS_PLACE, (_, tag: string) => `${tag}${settings}`).replaceAll(NONCE_PLACE, nonce);
  }

  /** Scripts come from this server alone and none stands in the page; requests go to this server and the issuer. */
  private contentSecurityPolicy(nonce: string): string {
    const { mode } = this.settings;
    const issuer = mode.kind === 'openid' ? new URL(mode.issuer).origin : undefined;
    return [
      "default-src 'none'",
      "script-src 'self'",
      // The component library writes two style elements, with this nonce.
      `style-src 'self' 'nonce-${nonce}'`,
      "img-src 'self' data:",
      `connect-src 'self'${issuer ? ` ${issuer}` : ''}`,
      `frame-src ${issuer ? `'self' ${issuer}` : "'none'"}`,
      "base-uri 'none'",
      "form-action 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ].join('; ');
  }
}
