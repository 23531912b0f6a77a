import { Controller, HttpCode, Logger, Post, Req } from '@nestjs/common';
import { Public } from '#access';
import { type HttpRequest, RouteConfig } from '#http';
import { LIMITS } from '#kernel';
import { hashKey } from '../keys/api-key.format.js';
import { LeakReportService } from '../leaks/leak-report.service.js';
import { ScannerRelay } from './scanner-relay.js';
import { ScannerSignatures } from './scanner-signatures.js';
import { readMatches } from './secret-matches.js';
import type { Scanner } from './secret-scanning.options.js';

/** The portal's parser of bodies leaves the body as it was sent. */
const RAW_BODY = { rawBodyBytes: LIMITS.secretScanning.bodyBytes };
const NO_CONTENT = 204;
const NOTHING = Buffer.alloc(0);
interface ScannerRequest extends HttpRequest {
  body?: unknown;
  /** Set by Nest in an application with the option `rawBody`. */
  rawBody?: Buffer;
}

/** What GitHub learns of each match, so that its scanner gets better. */
interface MatchLabel {
  token_hash: string;
  token_type: string;
  label: 'true_positive' | 'false_positive';
}

/**
 * Where scanners report what they found. The protocol has no time stamp, so a request may be sent again by anybody who has seen
 * it: it changes nothing more.
 */
@Controller('secret-scanning')
// A scanner has no credential of ours: its signature is its proof.
@Public()
export class SecretScanningController {
  private readonly logger = new Logger('SecretScanning');

  constructor(
    private readonly signatures: ScannerSignatures,
    private readonly reports: LeakReportService,
    private readonly relay: ScannerRelay,
  ) {}

  @Post('github')
  @HttpCode(200)
  @RouteConfig(RAW_BODY)
  github(@Req() request: ScannerRequest): Promise<MatchLabel[]> {
    return this.take('github', request);
  }

  @Post('gitlab')
  @HttpCode(NO_CONTENT)
  @RouteConfig(RAW_BODY)
  async gitlab(@Req() request: ScannerRequest): Promise<void> {
    await this.take('gitlab', request);
  }

  /** Nothing is looked up before the signature holds. Our own keys end even if a further deployment cannot be reached. */
  private async take(scanner: Scanner, request: ScannerRequest): Promise<MatchLabel[]> {
    const { raw, ip } = request;
    const body = bytesOf(request);
    await this.signatures.requireGenuine(scanner, raw, body);
    const matches = readMatches(body);
    const leaks = matches.map(({ token, url, source }) => ({ key: token, url, source }));
    const [own, others] = await Promise.allSettled([
      this.reports.end(leaks, ip),
      this.relay.passOn(scanner, raw, body),
    ]);
    if (own.status === 'rejected') throw own.reason;
    const ours = own.value.filter(Boolean).length;
    this.logger.log(`${scanner} reported ${matches.length} matches, ${ours} of them keys of this deployment.`);
    if (others.status === 'rejected') throw others.reason;
    return matches.map(({ token, type }, index) => {
      const hash = hashKey(token);
      const isKey = own.value[index] === true || others.value.has(hash);
      return { token_hash: hash, token_type: type, label: isKey ? 'true_positive' : 'false_positive' };
    });
  }
}

/** The signature covers the bytes that were sent. */
function bytesOf({ body, rawBody }: ScannerRequest): Buffer {
  const bytes = rawBody ?? body ?? NOTHING;
  if (Buffer.isBuffer(bytes)) return bytes;
  throw new Error(
    'Reports of scanners need the bytes of a body: create the application with the option rawBody: true.',
  );
}
