import { Args, Context, Mutation, Resolver } from '@nestjs/graphql';
import { Public } from '#access';
import { Input } from '#kernel';
import type { LeakedKey } from './found-at.rules.js';
import { LeakedKeyInput, ReportLeakedApiKeyPayload, ReportLeakedApiKeysPayload } from './leak-report.objects.js';
import { LeakReportService } from './leak-report.service.js';

@Resolver()
export class LeakReportResolver {
  constructor(private readonly reports: LeakReportService) {}

  @Mutation(() => ReportLeakedApiKeyPayload, {
    description:
      'Found a key where it should not be? This ends it at once, as COMPROMISED. 20 reports a minute from ' +
      'one address, then RATE_LIMITED; the answer never shows whether there was such a key.',
  })
  // The finder of a leaked key is rarely one of our users, and a leaked key must end before its finder signs up.
  @Public()
  async reportLeakedApiKey(
    @Args('key', { description: 'The whole key, as it was found.' }) key: string,
    @Context('req') request: { ip?: string },
  ): Promise<ReportLeakedApiKeyPayload> {
    await this.reports.report(new Input<readonly LeakedKey[]>([{ key }]), request.ip);
    return { accepted: true };
  }

  @Mutation(() => ReportLeakedApiKeysPayload, {
    description:
      'Ends many keys that were found where they should not be, as `reportLeakedApiKey` ends one. It counts as one report.',
  })
  // As for `reportLeakedApiKey`.
  @Public()
  async reportLeakedApiKeys(
    @Args('keys', { type: () => [LeakedKeyInput], description: 'At most 100 at once.' }) keys: LeakedKeyInput[],
    @Context('req') request: { ip?: string },
  ): Promise<ReportLeakedApiKeysPayload> {
    await this.reports.report(Input.argument<readonly LeakedKey[]>('keys', keys), request.ip);
    return { accepted: true };
  }
}
