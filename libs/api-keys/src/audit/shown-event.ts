import { Injectable } from '@nestjs/common';
import { memberIdOf, type TenantPrincipal } from '#access';
import { TenantDirectory } from '#tenancy';
import { UserObject } from '#tenancy/graphql';
import { ApiKeyEventObject } from './api-key-event.objects.js';
import type { ApiKeyEventRow } from './api-key-event.reader.js';

/** Events as their reader may see them. */
@Injectable()
export class ApiKeyEventView {
  constructor(private readonly directory: TenantDirectory) {}

  /** @param request the request that the event answers; users are loaded once for each request */
  of(by: TenantPrincipal, request: object, event: ApiKeyEventRow): ApiKeyEventObject {
    const { actorId } = event;
    const readActor = async (): Promise<UserObject | null> => {
      const user = actorId === null ? null : await this.directory.userOf(request, by, actorId);
      return user && UserObject.from(user);
    };
    return ApiKeyEventObject.from(shownTo(by, event), readActor);
  }
}

/** A member sees no address but its own, and that of its key. */
function shownTo(by: TenantPrincipal, event: ApiKeyEventRow): ApiKeyEventRow {
  const { actorId, actorKeyId, apiKeyId } = event;
  const isOwn = actorId === by.userId || (actorKeyId !== null && actorKeyId === apiKeyId);
  return isOwn || memberIdOf(by) === null ? event : { ...event, ip: null };
}
