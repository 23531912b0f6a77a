import { Args, Mutation, Resolver } from '@nestjs/graphql';
import { type Actor, CurrentActor, SessionOnly } from '#access';
import { Viewer } from '#api-keys/graphql';
import { Input } from '#kernel';
import { NOTIFICATION_KIND } from '../webhooks/webhook.objects.js';
import type { NotificationKind } from '../words.js';
import { MailPreferencesService } from './mail-preferences.service.js';

@Resolver()
@SessionOnly()
export class MailPreferencesResolver {
  constructor(private readonly preferences: MailPreferencesService) {}

  @Mutation(() => Viewer, {
    nullable: true,
    description:
      'Chooses the mails that the caller gets about the keys of the tenant. Of API_KEY_EXPIRING, API_KEY_EXPIRED and ' +
      'API_KEY_LEAK_REPORTED; other kinds are not mailed.',
  })
  async setMyMailPreferences(
    @CurrentActor() by: Actor,
    @Args('kinds', {
      type: () => [NOTIFICATION_KIND],
      nullable: true,
      description: 'The kinds that are wanted. Null: as by default, which is all of them.',
    })
    kinds: NotificationKind[] | null,
  ): Promise<Viewer> {
    await this.preferences.set(by, Input.argument('kinds', kinds));
    return Viewer.of(by);
  }
}
