import { Args, Context, Query, Resolver } from '@nestjs/graphql';
import { CurrentPrincipal, SessionOnly, type TenantPrincipal } from '#access';
import { mapPage } from '#kernel';
import { ApiKeyEventConnection, ApiKeyEventsArguments } from './api-key-event.objects.js';
import { ApiKeyEventService } from './api-key-event.service.js';
import { ApiKeyEventView } from './shown-event.js';

@Resolver()
export class ApiKeyEventsResolver {
  constructor(
    private readonly events: ApiKeyEventService,
    private readonly view: ApiKeyEventView,
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
    return mapPage(events, (event) => this.view.of(by, request, event));
  }
}
