import { Args, Context, Query, Resolver } from '@nestjs/graphql';
import { CurrentPrincipal, SessionOnly, type TenantPrincipal } from '#access';
import { TenantDatabase } from '#database';
import { mapPage, type Page, Problems, readId, readPage } from '#kernel';
import { TenantDirectory, UserObject } from '#tenancy';
import { ApiKeyEventConnection, ApiKeyEventObject, ApiKeyEventsArguments } from './api-key-event.objects.js';
import {
  type ApiKeyEventFilter,
  type ApiKeyEventRow,
  type ApiKeyEventTables,
  pageOfEvents,
} from './api-key-event.reader.js';

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
    const wanted = readPage(page);
    const admitted = readFilter(filter ?? {});
    const events = await this.database.read<ApiKeyEventTables, Page<ApiKeyEventRow>>(by, (db) =>
      pageOfEvents(db, admitted, wanted),
    );
    const actorOf = async (id: string | null): Promise<UserObject | null> => {
      const user = id === null ? null : await this.directory.userOf(request, by, id);
      return user && UserObject.from(user);
    };
    return mapPage(events, (event) => ApiKeyEventObject.from(event, () => actorOf(event.actorId)));
  }
}

/** @throws {InvalidInput} for ids that are no UUIDs */
function readFilter(filter: ApiKeyEventFilter): ApiKeyEventFilter {
  const problems = new Problems();
  const { apiKeyId, actorId } = filter;
  const read = {
    ...filter,
    ...(apiKeyId == null ? {} : { apiKeyId: readId(apiKeyId, ['filter', 'apiKeyId'], problems) }),
    ...(actorId == null ? {} : { actorId: readId(actorId, ['filter', 'actorId'], problems) }),
  };
  problems.throwIfAny();
  return read;
}
