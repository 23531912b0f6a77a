import { Field, InputType, ObjectType } from '@nestjs/graphql';

@ObjectType({ description: 'The same answer whether or not the key exists.' })
export class ReportLeakedApiKeyPayload {
  @Field({ description: 'Always true: the report was taken.' })
  accepted!: boolean;
}

@ObjectType({ description: 'The same answer whether or not any of the keys exists.' })
export class ReportLeakedApiKeysPayload {
  @Field({ description: 'Always true: the report was taken.' })
  accepted!: boolean;
}

@InputType({ description: 'A key that was found where it should not be.' })
export class LeakedKeyInput {
  @Field({ description: 'The whole key, as it was found; white space around it does not matter.' })
  key!: string;
  @Field(() => String, {
    nullable: true,
    description: 'Where it was found. Kept with the event as `foundAt`, in one line, cut to 1,000 characters.',
  })
  url?: string | null;
  @Field(() => String, { nullable: true, description: 'What kind of place that is, such as `commit` or `log`.' })
  source?: string | null;
}
