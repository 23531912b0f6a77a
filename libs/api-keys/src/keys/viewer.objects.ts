import { Field, Int, ObjectType } from '@nestjs/graphql';
import { describedEnum } from '#graphql';
import type { Principal, UserRole } from '#access';
import { USER_ROLE } from '#tenancy/graphql';

const PRINCIPAL_KIND = describedEnum('PrincipalKind', 'What proved who is calling.', {
  USER: "A portal user's session.",
  API_KEY: 'An API key, with any holder.',
});

@ObjectType({ description: 'Who is calling, and what this request may do.' })
export class Viewer {
  @Field(() => PRINCIPAL_KIND, { description: 'Whether a key or a session makes this request.' })
  kind!: keyof typeof PRINCIPAL_KIND;
  @Field(() => [String], {
    description: "What this request may really do: the key's scopes cut down to what its owner's role opens today.",
  })
  scopes!: string[];

  static of({ kind, scopes }: Principal): Viewer {
    return { kind, scopes: [...scopes].sort() };
  }
}

@ObjectType({ description: 'A right that a key can be given.' })
export class ApiScope {
  @Field({ description: 'What to put into `scopes` of a key, such as `devices:read`.' })
  name!: string;
  @Field({ description: 'What it is good for, in a sentence.' })
  description!: string;
  @Field(() => [String], {
    description:
      'Schema coordinates that it opens, such as `Query.devices`, and HTTP handlers, such as `POST /keys/verify`.',
  })
  opens!: string[];
  @Field(() => [USER_ROLE], { description: 'Roles that open it: a key whose owner has another role cannot use it.' })
  grantedTo!: UserRole[];
  @Field({ description: 'May the caller grant it to a key?' })
  grantableByMe!: boolean;
}

@ObjectType({ description: 'Scopes for a common purpose, as far as the caller has them.' })
export class ApiScopePreset {
  @Field({ description: 'Such as `read-only`; `everything` is all that the caller has.' })
  name!: string;
  @Field({ description: 'What it is good for, in a sentence.' })
  description!: string;
  @Field(() => [String], { description: 'What to put into `scopes` of a key.' })
  scopes!: string[];
}

@ObjectType({ description: 'What is left of a rate.' })
export class RateLimitState {
  @Field(() => Int, { description: 'Requests within a window.' })
  limit!: number;
  @Field(() => Int, { description: 'Length of a window.' })
  windowSeconds!: number;
  @Field(() => Int, { description: 'Requests that are left in this window, after this one.' })
  remaining!: number;
  @Field({ description: 'When the window ends, and the count begins anew.' })
  resetsAt!: Date;
}
