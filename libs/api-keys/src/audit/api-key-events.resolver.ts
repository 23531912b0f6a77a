import { Args, Context, Query, Resolver } from '@nestjs/graphql';
import { CurrentPrincipal, memberIdOf, SessionOnly, type TenantPrincipal } from '#access';
import { TenantDatabase } from '#database';
import { Input, mapPage, readPage } from '#kernel';
import { TenantDirectory, UserObject } from '#tenancy';
import { ApiKeyEventConnection, ApiKeyEventObject, ApiKeyEventsArguments } from './api-key-event.objects.js';
import { type ApiKeyEventRow, pageOfEvents, readEventFilter } from './api-key-event.reader.js';

@Resolver()
export class ApiKeyEventsResolver {
  constructor(
    private readonly database: TenantDatabase,
    private readonly directory: TenantDirectory,
  ) {}

  @Query(() => ApiKeyEventConnection, {
    description:
      'What happened to the keys and to the policy of the tenant, newest first. A session below TENANT_ADMIN sees the events ' +
      'of its own keys.',
  })
  @SessionOnly()
  async apiKeyEvents(
    @CurrentPrincipal() by: TenantPrincipal,
    @Context('req') request: object,
    @Args() { filter, ...page }: ApiKeyEventsArguments,
  ): Promise<ApiKeyEventConnection> {
    const { wanted, asked } = new Input({ filter: filter ?? {}, ...page }).read((input) => ({
      wanted: readEventFilter(input.at('filter')),
      asked: readPage(input),
    }));
    const events = await this.database.read(by, (session) =>
      pageOfEvents(session, { ...wanted, memberId: memberIdOf(by) }, asked),
    );
    const actorOf = async (id: string | null): Promise<UserObject | null> => {
      const user = id === null ? null : await this.directory.userOf(request, by, id);
      return user && UserObject.from(user);
    };
    return mapPage(events, (event) => ApiKeyEventObject.from(shownTo(by, event), () => actorOf(event.actorId)));
  }
}

/** A member sees no address but its own, and that of its key. */
function shownTo(by: TenantPrincipal, event: ApiKeyEventRow): ApiKeyEventRow {
  const { actorId, actorKeyId, apiKeyId } = event;
  const isOwn = actorId === by.userId || (actorKeyId !== null && actorKeyId === apiKeyId);
  return isOwn || memberIdOf(by) === null ? event : { ...event, ip: null };
}
