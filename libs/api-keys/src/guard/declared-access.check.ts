import { Injectable, type OnModuleInit } from '@nestjs/common';
import { AccessRegistry } from '#access';

/** Each handler declares its access, or the application does not start. With GraphQL, `GuardedGraphQL` checks handlers and fields. */
@Injectable()
export class DeclaredAccessCheck implements OnModuleInit {
  constructor(private readonly registry: AccessRegistry) {}

  /** @throws {AccessNotDeclared} */
  onModuleInit(): void {
    this.registry.register();
  }
}
