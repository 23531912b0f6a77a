import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Actor, CurrentActor, CurrentPrincipal, ScopeCatalogue, SessionOnly, type TenantPrincipal } from '#access';
import { Input } from '#kernel';
import { SetApiKeyPolicyInput } from './api-key-policy.inputs.js';
import { ApiKeyPolicyObject, PolicyViolation, SetApiKeyPolicyPayload } from './api-key-policy.objects.js';
import { ApiKeyPolicyService } from './api-key-policy.service.js';

@Resolver(() => ApiKeyPolicyObject)
export class ApiKeyPolicyResolver {
  constructor(
    private readonly policies: ApiKeyPolicyService,
    private readonly catalogue: ScopeCatalogue,
  ) {}

  @Query(() => ApiKeyPolicyObject, { description: "The tenant's own rules for keys; the defaults where none are set." })
  @SessionOnly('TENANT_ADMIN')
  async apiKeyPolicy(@CurrentPrincipal() by: TenantPrincipal): Promise<ApiKeyPolicyObject> {
    return ApiKeyPolicyObject.from(await this.policies.find(by));
  }

  @Query(() => [PolicyViolation], {
    description: 'Which keys would this policy block? At most 100, oldest first; changes nothing.',
  })
  @SessionOnly('TENANT_ADMIN')
  async apiKeyPolicyPreview(
    @CurrentPrincipal() by: TenantPrincipal,
    @Args('input', { description: 'The change, as `setApiKeyPolicy` would take it.' }) input: SetApiKeyPolicyInput,
  ): Promise<PolicyViolation[]> {
    const { violations } = await this.policies.preview(by, Input.argument('input', input));
    return violations.map((violation) => PolicyViolation.from(violation, this.catalogue));
  }

  @Mutation(() => SetApiKeyPolicyPayload, {
    nullable: true,
    description:
      "Sets the tenant's rules and returns which keys break them. No key is destroyed by it: what a rule " +
      'blocks works again once the rule is gone.',
  })
  @SessionOnly('TENANT_ADMIN')
  async setApiKeyPolicy(
    @CurrentActor() by: Actor,
    @Args('input', { description: 'Which rules to change.' }) input: SetApiKeyPolicyInput,
  ): Promise<SetApiKeyPolicyPayload> {
    const { policy, violations, count } = await this.policies.set(by, Input.argument('input', input));
    return {
      policy: ApiKeyPolicyObject.from(policy),
      violations: violations.map((violation) => PolicyViolation.from(violation, this.catalogue)),
      violationCount: count,
    };
  }
}
