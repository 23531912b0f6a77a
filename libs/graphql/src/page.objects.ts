import type { Type } from '@nestjs/common';
import { Field, ObjectType } from '@nestjs/graphql';
import type { Edge, Page } from '#kernel';

@ObjectType({ description: 'Where a page lies in its list.' })
export class PageInfo {
  @Field({ description: 'Are there more after `endCursor`?' })
  hasNextPage!: boolean;
  @Field({ description: 'Are there more before `startCursor`?' })
  hasPreviousPage!: boolean;
  @Field(() => String, { nullable: true, description: 'Cursor of the first edge; null for an empty page.' })
  startCursor!: string | null;
  @Field(() => String, { nullable: true, description: 'Cursor of the last edge; null for an empty page.' })
  endCursor!: string | null;
}

/**
 * Base class of a Relay connection over `node`: edges, nodes, pageInfo.
 * @param name of the node type; the edge is `<name>Edge`.
 * @example
 * \@ObjectType()
 * export class DeviceConnection extends Connection(DeviceObject, 'Device') {}
 */
export function Connection<Node extends object>(node: Type<Node>, name: string): Type<Page<Node>> {
  @ObjectType(`${name}Edge`, { description: `One place in a list of ${name} objects.` })
  class ConnectionEdge implements Edge<Node> {
    @Field(() => node, { description: `The ${name} at this place.` })
    node!: Node;
    @Field({ description: 'Pass it as `after` or `before`. Opaque; bound to the order and filter of its list.' })
    cursor!: string;
  }

  @ObjectType({ isAbstract: true })
  abstract class ConnectionBase implements Page<Node> {
    @Field(() => [ConnectionEdge], { description: 'The places of this page, each with its cursor.' })
    edges!: ConnectionEdge[];
    @Field(() => [node], { description: 'The nodes of `edges`, for those who need no cursors.' })
    nodes!: Node[];
    @Field(() => PageInfo, { description: 'Where this page lies in the list, and whether there is more.' })
    pageInfo!: PageInfo;
  }
  return ConnectionBase as Type<Page<Node>>;
}
