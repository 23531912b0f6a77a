import { Args, Context, Field, Mutation, ObjectType, Resolver } from '@nestjs/graphql';
import { Public } from '#access';
import { LeakReportService } from './leak-report.service.js';

@ObjectType({ description: 'The same answer whether or not the key exists.' })
export class ReportLeakedApiKeyPayload {
  @Field({ description: 'Always true: the report was taken.' })
  accepted!: boolean;
}

@Resolver()
export class LeakReportResolver {
  constructor(private readonly reports: LeakReportService) {}

  @Mutation(() => ReportLeakedApiKeyPayload, {
    description:
      'Found a key where it should not be? This ends it at once, as COMPROMISED. 20 reports a minute from ' +
      'one address, then RATE_LIMITED; the answer never tells whether there was such a key.',
  })
  // The finder of a leaked key is rarely one of our users, and a leaked key must end before its finder signs up.
  @Public()
  async reportLeakedApiKey(
    @Args('key', { description: 'The whole key, as it was found.' }) key: string,
    @Context('req') request: { ip?: string },
  ): Promise<ReportLeakedApiKeyPayload> {
    await this.reports.report(key, request.ip);
    return { accepted: true };
  }
}
