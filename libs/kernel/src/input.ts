import { readId } from './ids.js';
import { readInstant } from './instant.js';
import { type Problem, type ProblemCode, type ProblemPath, Problems, type Refusable } from './invalid-input.js';
import { type JsonObject, readMetadata } from './metadata.js';
import { type NumberRule, readWholeNumber } from './numbers.js';
import { readDescription, readText, type TextRule } from './text.js';

/**
 * A value that a client sent, with the path that leads to the value. All values of one input collect their problems in one list,
 * so that a client sees every problem at once. Reading a refused value returns a placeholder of the right type, which must not be
 * used.
 *
 * A function that reads a value of its own form takes an `Input` and is called `readX`; a function that only refuses what breaks a
 * rule is called `checkX`.
 * @example
 * const input = Input.argument('input', { name: ' x ', ownerId: null });
 * const name = input.at('name').text({ max: LIMITS.name });
 * const ownerId = input.given('ownerId')?.id();
 * input.throwIfRefused();
 */
export class Input<Value> implements Refusable<Value> {
  /** @param path empty for an input whose members are the arguments themselves */
  constructor(
    readonly value: Value,
    private readonly path: ProblemPath = [],
    private readonly problems: Problems = new Problems(),
  ) {}

  /** An input that is a single argument. */
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

  /** The place that `path` leads to from here. */
  below(path: ProblemPath): Input<unknown> {
    return new Input<unknown>(undefined, [...this.path, ...path], this.problems);
  }

  /** A copy with the problems found so far, for one run of a transaction. A repeated run starts from the same problems again. */
  copy(): Input<Value> {
    return new Input(this.value, this.path, this.problems.copy());
  }

  refuse(code: ProblemCode, message: string, members?: Pick<Problem, 'suggestions' | 'rule'>): void {
    this.problems.add(this.path, code, message, members);
  }

  /** True if exactly this value was refused, not only a member of it. */
  get isRefused(): boolean {
    return this.problems.hasAt(this.path);
  }

  /** True if any value of the whole input was refused. */
  get isAnyRefused(): boolean {
    return this.problems.any;
  }

  /** @throws {InvalidInput} when any value of the whole input was refused */
  throwIfRefused(): void {
    this.problems.throwIfAny();
  }

  /**
   * The result of `reader`.
   * @throws {InvalidInput} when any value of the whole input was refused
   * @example const keyId = Input.argument('id', id).read((input) => input.id());
   */
  read<Result>(reader: (input: Input<Value>) => Result): Result {
    const result = reader(this);
    this.throwIfRefused();
    return result;
  }

  /** The text, trimmed. Its length is checked; control characters and lone surrogates are refused. */
  text(this: Input<string>, rule: TextRule): string {
    return this.isText() ? readText(this, rule) : '';
  }

  /** A longer text; null for an empty text. */
  description(this: Input<string>): string | null {
    return this.isText() ? readDescription(this) : null;
  }

  /** A UUID, in lower case. */
  id(this: Input<string>): string {
    return this.isText() ? readId(this) : '';
  }

  wholeNumber(this: Input<number>, rule: NumberRule): number {
    return readWholeNumber(this, rule);
  }

  /** An instant whose year in UTC is between 1 and 9999. */
  instant(this: Input<Date>): Date {
    return readInstant(this);
  }

  /** A JSON object within the limits of metadata. */
  metadata(this: Input<JsonObject>): JsonObject {
    return readMetadata(this);
  }

  /** A handler without GraphQL passes on members of a body that no schema has checked. */
  private isText(): boolean {
    if (typeof this.value === 'string') return true;
    this.refuse('MALFORMED', 'must be a text.');
    return false;
  }
}
