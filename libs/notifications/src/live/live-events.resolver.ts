import { Args, ArgsType, Context, Field, Resolver, Subscription } from '@nestjs/graphql';
import type { FastifyRequest } from 'fastify';
import { CurrentPrincipal, SessionOnly, type TenantPrincipal } from '#access';
import { admits, readEventFilter } from '#api-keys';
import { ApiKeyEventFilterInput, ApiKeyEventObject, ApiKeyEventView } from '#api-keys/graphql';
import { type StreamItem, streamItems } from '#graphql';
import { Input } from '#kernel';
import { LiveEvents } from './live-events.js';

@ArgsType()
class LiveEventsArguments {
  @Field(() => ApiKeyEventFilterInput, {
    nullable: true,
    description: "Omitted: every event of the tenant; of a member's own keys, where a member asks.",
  })
  filter?: ApiKeyEventFilterInput | null;
}

@Resolver()
export class LiveEventsResolver {
  constructor(
    private readonly live: LiveEvents,
    private readonly view: ApiKeyEventView,
  ) {}

  @Subscription(() => ApiKeyEventObject, {
    description:
      'Events of keys and of the policy as they are committed, by any instance. Over GraphQL-SSE: `Accept: text/event-stream`. ' +
      'Begins after `Last-Event-ID`, else now. Ends, saying why, when the credential stops being good. A session below ' +
      'TENANT_ADMIN sees the events of its own keys.',
    resolve: (event: ApiKeyEventObject) => event,
  })
  @SessionOnly()
  async apiKeyEvents(
    @CurrentPrincipal() by: TenantPrincipal,
    @Context('req') request: FastifyRequest,
    @Args() { filter }: LiveEventsArguments,
  ): Promise<AsyncIterable<StreamItem<ApiKeyEventObject>>> {
    const wanted = Input.argument('filter', filter ?? {}).read(readEventFilter);
    const cursor = request.headers['last-event-id'];
    const after = typeof cursor === 'string' && cursor !== '' ? cursor : undefined;
    const { events, cursor: start } = await this.live.follow(by, after);
    return streamItems(start, {
      next: async () => {
        for (let read = await events.next(); !read.done; read = await events.next()) {
          const { event, cursor: id } = read.value;
          if (admits(wanted, event)) return { value: this.view.of(by, request, event), id };
        }
        return undefined;
      },
      end: () => events.return(),
    });
  }
}
