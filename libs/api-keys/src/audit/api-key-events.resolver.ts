import { Args, Context, Query, Resolver } from '@nestjs/graphql';
import { CurrentPrincipal, memberIdOf, SessionOnly, type TenantPrincipal } from '#access';
import { mapPage } from '#kernel';
import { TenantDirectory, UserObject } from '#tenancy';
import { ApiKeyEventConnection, ApiKeyEventObject, ApiKeyEventsArguments } from './api-key-event.objects.js';
import type { ApiKeyEventRow } from './api-key-event.reader.js';
import { ApiKeyEventService } from './api-key-event.service.js';

@Resolver()
export class ApiKeyEventsResolver {
  constructor(
    private readonly events: ApiKeyEventService,
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
    const events = await this.events.page(by, filter ?? {}, page);
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
