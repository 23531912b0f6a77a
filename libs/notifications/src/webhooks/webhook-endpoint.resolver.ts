import { Args, Context, ID, Info, Int, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { GraphQLResolveInfo } from 'graphql';
import { type Actor, CurrentActor, SessionOnly } from '#access';
import { type GraphQLContext, requireAnswer } from '#graphql';
import { Input, mapPage } from '#kernel';
import { WebhookDeliveryService } from './webhook-delivery.service.js';
import {
  CreateWebhookEndpointInput,
  ReplayWebhookDeliveriesInput,
  UpdateWebhookEndpointInput,
  WebhookDeliveriesArguments,
} from './webhook-endpoint.inputs.js';
import { type MadeSecret, WebhookEndpointService } from './webhook-endpoint.service.js';
import {
  CreateWebhookEndpointPayload,
  DeleteWebhookEndpointPayload,
  ReplayWebhookDeliveriesPayload,
  RotateWebhookSecretPayload,
  TestWebhookEndpointPayload,
  UpdateWebhookEndpointPayload,
  WebhookDeliveryConnection,
  WebhookDeliveryObject,
  WebhookEndpointObject,
} from './webhook.objects.js';

@Resolver(() => WebhookEndpointObject)
@SessionOnly('TENANT_ADMIN')
export class WebhookEndpointResolver {
  constructor(
    private readonly endpoints: WebhookEndpointService,
    private readonly deliveryService: WebhookDeliveryService,
  ) {}

  @Query(() => [WebhookEndpointObject], { description: "The tenant's endpoints, oldest first: 50 at most." })
  async webhookEndpoints(@CurrentActor() by: Actor): Promise<WebhookEndpointObject[]> {
    return (await this.endpoints.all(by)).map(WebhookEndpointObject.from);
  }

  @Query(() => WebhookEndpointObject, { nullable: true, description: 'One endpoint of the tenant; null: no such one.' })
  async webhookEndpoint(
    @CurrentActor() by: Actor,
    @Args('id', { type: () => ID, description: 'Which endpoint, by its id.' }) id: string,
  ): Promise<WebhookEndpointObject | null> {
    const endpoint = await this.endpoints.one(
      by,
      Input.argument('id', id).read((input) => input.id()),
    );
    return endpoint && WebhookEndpointObject.from(endpoint);
  }

  @ResolveField(() => WebhookDeliveryConnection, {
    description: 'What it was or is to be sent, newest first. Of a list of endpoints it is one read. Kept for 30 days.',
  })
  async deliveries(
    @CurrentActor() by: Actor,
    @Context('req') request: object,
    @Parent() endpoint: WebhookEndpointObject,
    @Args() page: WebhookDeliveriesArguments,
  ): Promise<WebhookDeliveryConnection> {
    return mapPage(await this.deliveryService.page(request, by, endpoint.id, page), WebhookDeliveryObject.from);
  }

  @Mutation(() => CreateWebhookEndpointPayload, {
    nullable: true,
    description: 'Makes an endpoint and shows its secret, once. At most 50 for a tenant (LIMIT_REACHED).',
  })
  async createWebhookEndpoint(
    @CurrentActor() by: Actor,
    @Args('input', { description: 'Where to, and what.' }) input: CreateWebhookEndpointInput,
    @Context() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<CreateWebhookEndpointPayload> {
    const check = (made: MadeSecret) => requireAnswer(shown(made), context, info);
    return shown(await this.endpoints.create(by, Input.argument('input', input), check));
  }

  @Mutation(() => UpdateWebhookEndpointPayload, {
    nullable: true,
    description: 'Changes, enables or disables an endpoint.',
  })
  async updateWebhookEndpoint(
    @CurrentActor() by: Actor,
    @Args('input', { description: 'Which endpoint, and what changes.' }) input: UpdateWebhookEndpointInput,
  ): Promise<UpdateWebhookEndpointPayload> {
    const endpoint = await this.endpoints.update(by, Input.argument('input', input));
    return { webhookEndpoint: WebhookEndpointObject.from(endpoint) };
  }

  @Mutation(() => DeleteWebhookEndpointPayload, {
    nullable: true,
    description: 'Removes an endpoint for good, with its deliveries. NOT_FOUND on a second call.',
  })
  async deleteWebhookEndpoint(
    @CurrentActor() by: Actor,
    @Args('id', { type: () => ID, description: 'The endpoint to remove.' }) id: string,
  ): Promise<DeleteWebhookEndpointPayload> {
    return { id: await this.endpoints.delete(by, Input.argument('id', id)) };
  }

  @Mutation(() => RotateWebhookSecretPayload, {
    nullable: true,
    description:
      'Gives an endpoint a new secret and shows it, once. During the overlap both secrets sign each delivery.',
  })
  async rotateWebhookSecret(
    @CurrentActor() by: Actor,
    @Args('id', { type: () => ID, description: 'Which endpoint, by its id.' }) id: string,
    @Args('overlapSeconds', {
      type: () => Int,
      defaultValue: 86_400,
      description: 'How long the present secret still signs: 0 to 604800. 0: not at all.',
    })
    overlapSeconds: number,
    @Context() context: GraphQLContext,
    @Info() info: GraphQLResolveInfo,
  ): Promise<RotateWebhookSecretPayload> {
    const check = (made: MadeSecret) => requireAnswer(shown(made), context, info);
    return shown(await this.endpoints.rotateSecret(by, new Input({ id, overlapSeconds }), check));
  }

  @Mutation(() => TestWebhookEndpointPayload, {
    nullable: true,
    description: 'Sends an endpoint an event that says `"test": true`, of the first of its kinds.',
  })
  async testWebhookEndpoint(
    @CurrentActor() by: Actor,
    @Args('id', { type: () => ID, description: 'The endpoint to try.' }) id: string,
  ): Promise<TestWebhookEndpointPayload> {
    return { delivery: WebhookDeliveryObject.from(await this.deliveryService.test(by, Input.argument('id', id))) };
  }

  @Mutation(() => ReplayWebhookDeliveriesPayload, {
    nullable: true,
    description: 'Sends deliveries again, under their old ids.',
  })
  async replayWebhookDeliveries(
    @CurrentActor() by: Actor,
    @Args('input', { description: 'Which deliveries are sent again.' }) input: ReplayWebhookDeliveriesInput,
  ): Promise<ReplayWebhookDeliveriesPayload> {
    return { count: await this.deliveryService.replay(by, Input.argument('input', input)) };
  }
}

function shown({ endpoint, secret }: MadeSecret): CreateWebhookEndpointPayload & RotateWebhookSecretPayload {
  return { webhookEndpoint: WebhookEndpointObject.from(endpoint), secret };
}
