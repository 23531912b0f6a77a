import { Controller, HttpCode, Logger, Post, Req } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { Public } from '#access';
import { LIMITS } from '#kernel';
import { hashKey } from '../keys/api-key.format.js';
import { LeakReportService } from '../leaks/leak-report.service.js';
import { ScannerRelay } from './scanner-relay.js';
import { ScannerSignatures } from './scanner-signatures.js';
import { readMatches } from './secret-matches.js';
import type { Scanner } from './secret-scanning.options.js';

/** The signature covers the bytes that were sent, so the body has to come as they are. */
const RAW_BODY = { rawBodyBytes: LIMITS.secretScanning.bodyBytes };
const NO_CONTENT = 204;
const NOTHING = Buffer.alloc(0);
type ScannerRequest = FastifyRequest<{ Body: Buffer | undefined }>;

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
  private async take(scanner: Scanner, { raw, body = NOTHING, ip }: ScannerRequest): Promise<MatchLabel[]> {
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
