import { Args, Context, Query, Resolver } from '@nestjs/graphql';
import { CurrentPrincipal, SessionOnly, type TenantPrincipal } from '#access';
import { TenantDatabase } from '#database';
import { checkInstant, mapPage, Problems, readId, readPage } from '#kernel';
import { TenantDirectory, UserObject } from '#tenancy';
import { ApiKeyEventConnection, ApiKeyEventObject, ApiKeyEventsArguments } from './api-key-event.objects.js';
import { type ApiKeyEventFilter, pageOfEvents } from './api-key-event.reader.js';

@Resolver()
export class ApiKeyEventsResolver {
  constructor(
    private readonly database: TenantDatabase,
    private readonly directory: TenantDirectory,
  ) {}

  @Query(() => ApiKeyEventConnection, {
    description: 'What happened to the keys and to the policy of the tenant, newest first.',
  })
  @SessionOnly('TENANT_ADMIN')
  async apiKeyEvents(
    @CurrentPrincipal() by: TenantPrincipal,
    @Context('req') request: object,
    @Args() { filter, ...page }: ApiKeyEventsArguments,
  ): Promise<ApiKeyEventConnection> {
    const problems = new Problems();
    const admitted = readFilter(filter ?? {}, problems);
    const wanted = readPage(page, problems);
    const events = await this.database.read(by, (session) => pageOfEvents(session, admitted, wanted));
    const actorOf = async (id: string | null): Promise<UserObject | null> => {
      const user = id === null ? null : await this.directory.userOf(request, by, id);
      return user && UserObject.from(user);
    };
    return mapPage(events, (event) => ApiKeyEventObject.from(event, () => actorOf(event.actorId)));
  }
}

/** Adds a problem for each id that is no UUID, and each instant that cannot be stored. */
function readFilter(filter: ApiKeyEventFilter, problems: Problems): ApiKeyEventFilter {
  const { apiKeyId, actorId } = filter;
  checkInstant(filter.after, ['filter', 'after'], problems);
  checkInstant(filter.before, ['filter', 'before'], problems);
  return {
    ...filter,
    ...(apiKeyId == null ? {} : { apiKeyId: readId(apiKeyId, ['filter', 'apiKeyId'], problems) }),
    ...(actorId == null ? {} : { actorId: readId(actorId, ['filter', 'actorId'], problems) }),
  };
}
