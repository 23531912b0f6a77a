import { randomBytes } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ExplorerAssets } from './explorer.assets.js';
import { FIRST_DOCUMENT, FIRST_HEADERS } from './first-document.js';
import { PAGE_STYLE } from './page-style.js';

const SANDBOX_SCRIPT = 'https://embeddable-sandbox.cdn.apollographql.com/v2/embeddable-sandbox.umd.production.min.js';
const SANDBOX_FRAME = 'https://sandbox.embed.apollographql.com';

/** Answers a browser's `GET /graphql` with the explorer; any other request goes on to Apollo Server. */
@Injectable()
export class ExplorerPage implements OnModuleInit {
  constructor(
    private readonly adapter: HttpAdapterHost,
    private readonly assets: ExplorerAssets,
  ) {}

  onModuleInit(): void {
    // The route itself is Apollo Server's.
    this.adapter.httpAdapter.getInstance<FastifyInstance>().addHook('onRequest', async (request, reply) => {
      if (request.method !== 'GET' || request.routeOptions.url !== '/graphql' || !isBrowser(request)) return;
      const nonce = randomBytes(16).toString('base64');
      await reply
        .type('text/html; charset=utf-8')
        .headers({
          'content-security-policy': contentSecurityPolicy(nonce),
          'referrer-policy': 'no-referrer',
          vary: 'accept',
        })
        .send(this.html(nonce));
    });
  }

  private html(nonce: string): string {
    const { start, ...graphiql } = this.assets.addresses;
    const settings = { sandbox: SANDBOX_SCRIPT, graphiql, document: FIRST_DOCUMENT, headers: FIRST_HEADERS };
    return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Explore the API · Latchkey</title>
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<style nonce="${nonce}">${PAGE_STYLE}</style>
</head>
<body>
<p id="notice" role="status">Loading Apollo Sandbox …</p>
<main>
<h1>Explore the API</h1>
<div id="explorer"></div>
</main>
<noscript>The explorer needs JavaScript. Operations go to this address as POST.</noscript>
<script id="settings" type="application/json">${JSON.stringify(settings).replaceAll('<', '\\u003c')}</script>
<script nonce="${nonce}" src="${start}"></script>
</body>
</html>
`;
  }
}

/** Only browsers name HTML first. */
function isBrowser(request: FastifyRequest): boolean {
  return /^\s*text\/html\s*(,|$)/i.test(request.headers.accept ?? '');
}

/** Only scripts and styles with this answer's nonce run. Requests go only to this server. The only frame is Apollo's. */
function contentSecurityPolicy(nonce: string): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "connect-src 'self'",
    `frame-src ${SANDBOX_FRAME}`,
    'img-src data:',
    'font-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
