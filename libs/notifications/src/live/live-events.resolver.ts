import { Args, ArgsType, Context, Field, Resolver, Subscription } from '@nestjs/graphql';
import type { FastifyRequest } from 'fastify';
import { CurrentPrincipal, SessionOnly, type TenantPrincipal } from '#access';
import {
  admits,
  type ApiKeyEventFilter,
  ApiKeyEventFilterInput,
  ApiKeyEventObject,
  ApiKeyEventView,
  readEventFilter,
} from '#api-keys';
import type { StreamItem } from '#graphql';
import { Input } from '#kernel';
import type { FollowedTrail } from './followed-trail.js';
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
    const trail = await this.live.follow(by, typeof cursor === 'string' && cursor !== '' ? cursor : undefined);
    return shown(trail, wanted, (event) => this.view.of(by, request, event));
  }
}

type Trailed = Parameters<ApiKeyEventView['of']>[2];

/** The place before the first event, then the wanted events. Not a generator, which could not be ended while it waits. */
function shown(
  { events, cursor: start }: { events: FollowedTrail; cursor: string | undefined },
  wanted: ApiKeyEventFilter,
  form: (event: Trailed) => ApiKeyEventObject,
): AsyncIterableIterator<StreamItem<ApiKeyEventObject>> {
  let hasBegun = false;
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      if (!hasBegun) {
        hasBegun = true;
        return { done: false, value: { id: start } };
      }
      for (let read = await events.next(); !read.done; read = await events.next()) {
        const { event, cursor } = read.value;
        if (admits(wanted, event)) return { done: false, value: { value: form(event), id: cursor } };
      }
      return { done: true, value: undefined };
    },
    async return() {
      await events.return();
      return { done: true, value: undefined };
    },
  };
}
