import { readId } from './ids.js';
import { checkInstant } from './instant.js';
import { type Problem, type ProblemCode, type ProblemPath, Problems } from './invalid-input.js';
import { type JsonObject, readMetadata } from './metadata.js';
import { type NumberRule, readWholeNumber } from './numbers.js';
import { readDescription, readText, type TextRule } from './text.js';

/**
 * A value that a client sent, with the path that leads to the value. All values of one input collect their problems in one list,
 * so that a client sees every problem at once. Reading a refused value returns a placeholder of the right type, which must not be
 * used.
 * @example
 * const input = Input.argument('input', { name: ' x ', ownerId: null });
 * const name = input.at('name').text({ max: LIMITS.name });
 * const ownerId = input.given('ownerId')?.id();
 * input.throwIfRefused();
 */
export class Input<Value> {
  /** @param path empty for an input whose members are the arguments themselves */
  constructor(
    readonly value: Value,
    readonly path: ProblemPath = [],
    readonly problems: Problems = new Problems(),
  ) {}

  /** An input that is a single argument and holds all members. */
  static argument<Value>(name: string, value: Value): Input<Value> {
    return new Input(value, [name]);
  }

  at<Member extends keyof Value & string>(member: Member): Input<Value[Member]> {
    return new Input(this.value[member], [...this.path, member], this.problems);
  }

  /** Undefined for a member that is null or left out. */
  given<Member extends keyof Value & string>(member: Member): Input<NonNullable<Value[Member]>> | undefined {
    const value = this.value[member];
    return value == null ? undefined : this.at(member).as(value);
  }

  items<Item>(this: Input<readonly Item[]>): Input<Item>[] {
    return this.value.map((item, index) => new Input(item, [...this.path, index], this.problems));
  }

  /** Another value at the same path. */
  as<Other>(value: Other): Input<Other> {
    return new Input(value, this.path, this.problems);
  }

  /** A copy with the problems found so far, for one run of a transaction. A repeated run starts from the same problems again. */
  copy(): Input<Value> {
    return new Input(this.value, this.path, this.problems.copy());
  }

  refuse(code: ProblemCode, message: string, members?: Pick<Problem, 'suggestions' | 'rule'>): void {
    this.problems.add(this.path, code, message, members);
  }

  /** @throws {InvalidInput} when any value of the whole input was refused */
  throwIfRefused(): void {
    this.problems.throwIfAny();
  }

  /** The text, trimmed. Its length is checked; control characters and lone surrogates are refused. */
  text(this: Input<string>, rule: TextRule): string {
    return readText(this.value, rule, this.path, this.problems);
  }

  /** An optional longer text; null where the client sent none. */
  description(this: Input<string | null | undefined>): string | null {
    return readDescription(this.value, this.path, this.problems);
  }

  /** A UUID, in lower case. */
  id(this: Input<string>): string {
    return readId(this.value, this.path, this.problems);
  }

  wholeNumber(this: Input<number>, rule: NumberRule): number {
    return readWholeNumber(this.value, rule, this.path, this.problems);
  }

  /** An instant whose year in UTC is between 1 and 9999. */
  instant(this: Input<Date>): Date {
    checkInstant(this.value, this.path, this.problems);
    return this.value;
  }

  /** A JSON object within the limits of metadata. */
  metadata(this: Input<JsonObject>): JsonObject {
    return readMetadata(this.value, this.path, this.problems);
  }
}
