import { Injectable, RequestMethod } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { OperatorError } from '#kernel';
import { ACCESS } from './access.decorator.js';
import type { Access } from './access.js';
import { ScopeCatalogue } from './scope-catalogue.js';

/**
 * Metadata keys under which @nestjs/graphql stores the kind of a resolver method. The library exports no names for these keys.
 */
const RESOLVER_TYPE = 'graphql:resolver_type';
const RESOLVER_NAME = 'graphql:resolver_name';
const RESOLVER_PROPERTY = 'graphql:resolve_property';

/** What the schema of a GraphQL API says about its fields. */
export interface ApiFields {
  /** Coordinates of the fields of the root types. */
  readonly roots: readonly string[];
  /** Each field that an object type has from an interface: its coordinate at the interface, and its own. */
  readonly inherited: readonly (readonly [atInterface: string, own: string])[];
}
const NO_API: ApiFields = { roots: [], inherited: [] };

type Method = (...args: never[]) => unknown;
interface EntryPoint {
  /** `Query.devices` for a resolver, `GET /health/live` for a handler. */
  coordinate: string;
  /** `DeviceResolver.devices`: where the declaration is missing. */
  place: string;
  access: Access | undefined;
}

/** The application has entry points without a declaration, or declarations with a scope that does not exist. */
export class AccessNotDeclared extends OperatorError {
  /**
   * @param undeclared places without a declaration
   * @param unknownScopes sentences on declarations that name an unknown scope
   */
  constructor(undeclared: readonly string[], unknownScopes: readonly string[] = []) {
    const sentences: string[] = [];
    if (undeclared.length > 0)
      sentences.push(
        `Access is not declared: ${undeclared.join('; ')}. ` +
          'Put @RequireScopes, @SessionOnly, @Authenticated or @Public on each (or on its class).',
      );
    if (unknownScopes.length > 0)
      sentences.push(
        `${unknownScopes.join('; ')}. Correct the name, or add the scope to the scope catalogue and to the roles that open it.`,
      );
    super(sentences.join(' '));
  }
}

/** The declarations of all resolvers and HTTP handlers of the application. Filled once, at the start. */
@Injectable()
export class AccessRegistry {
  private readonly byCoordinate = new Map<string, Access>();
  /** Declarations read so far, by method and class: a method can be inherited. */
  private readonly byHandler = new WeakMap<object, { owner: object; access: Access | undefined }>();

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
    private readonly catalogue: ScopeCatalogue,
  ) {}

  /** The declaration of `Type.field`. Undefined: the field is as open as the path that leads to it. */
  accessOf(coordinate: string): Access | undefined {
    return this.byCoordinate.get(coordinate);
  }

  /** The declaration of a resolver method or HTTP handler. A declaration on the method comes before one on its class. */
  accessOfHandler(handler: object, owner: object): Access | undefined {
    const read = this.byHandler.get(handler);
    if (read?.owner === owner) return read.access;
    const own = Reflect.getMetadata(ACCESS, handler) as Access | undefined;
    const access = own ?? (Reflect.getMetadata(ACCESS, owner) as Access | undefined);
    this.byHandler.set(handler, { owner, access });
    return access;
  }

  /** Sorted coordinates of the fields and handlers that need `scope`. */
  openedBy(scope: string): string[] {
    return [...this.byCoordinate]
      .filter(([, access]) => access.kind === 'scopes' && access.scopes.includes(scope))
      .map(([coordinate]) => coordinate)
      .sort();
  }

  /**
   * Reads the declarations of every resolver and HTTP handler.
   * @param api left out in an application without GraphQL
   * @throws {AccessNotDeclared} naming each entry point without a declaration, each scope that is not in the catalogue, and each
   *   root field of `api` that has no resolver class.
   */
  register({ roots, inherited }: ApiFields = NO_API): void {
    const resolvers = this.entryPoints(this.discovery.getProviders(), resolverCoordinate);
    const handlers = this.entryPoints(this.discovery.getControllers(), handlerCoordinate);
    const undeclared: string[] = [];
    const unknownScopes: string[] = [];
    for (const { coordinate, place, access } of [...resolvers, ...handlers]) {
      if (!access) undeclared.push(`${place} (${coordinate})`);
      else if (access.kind === 'scopes')
        for (const scope of access.scopes)
          if (!this.catalogue.has(scope)) unknownScopes.push(this.unknownScope(place, scope));
    }
    const declared = new Map(resolvers.flatMap(({ coordinate, access }) => (access ? [[coordinate, access]] : [])));
    for (const [atInterface, own] of inherited) {
      const access = declared.get(atInterface);
      if (access) this.byCoordinate.set(own, access);
    }
    for (const [coordinate, access] of declared) this.byCoordinate.set(coordinate, access);
    for (const { coordinate, access } of handlers) if (access) this.byCoordinate.set(coordinate, access);
    undeclared.push(...roots.filter((root) => !resolvers.some(({ coordinate }) => coordinate === root)));
    if (undeclared.length + unknownScopes.length > 0)
      throw new AccessNotDeclared([...new Set(undeclared)].sort(), [...new Set(unknownScopes)].sort());
  }

  private unknownScope(place: string, scope: string): string {
    const [nearest] = this.catalogue.suggestionsFor(scope);
    return `${place} names the unknown scope ${scope}${nearest === undefined ? '' : ` (is ${nearest} meant?)`}`;
  }

  private entryPoints(
    wrappers: ReturnType<DiscoveryService['getProviders']>,
    coordinateOf: (method: Method, name: string, owner: object) => string | undefined,
  ): EntryPoint[] {
    return wrappers.flatMap(({ instance }) => {
      if (typeof instance !== 'object' || instance === null) return [];
      const prototype = Object.getPrototypeOf(instance) as Record<string, Method> | null;
      if (!prototype) return [];
      return this.scanner.getAllMethodNames(prototype).flatMap((name) => {
        const method = prototype[name];
        const coordinate = method && coordinateOf(method, name, instance.constructor);
        if (!method || coordinate === undefined) return [];
        const access = this.accessOfHandler(method, instance.constructor);
        return [{ coordinate, place: `${instance.constructor.name}.${name}`, access }];
      });
    });
  }
}

function resolverCoordinate(method: Method, name: string, owner: object): string | undefined {
  const ownType: unknown = Reflect.getMetadata(RESOLVER_TYPE, method);
  const isField = Reflect.getMetadata(RESOLVER_PROPERTY, method) === true;
  if (typeof ownType !== 'string' && !isField) return undefined;
  const type: unknown = ownType ?? Reflect.getMetadata(RESOLVER_TYPE, owner);
  const field: unknown = Reflect.getMetadata(RESOLVER_NAME, method);
  return `${String(type)}.${typeof field === 'string' ? field : name}`;
}

/** As a request names it, without a prefix that the application sets for all paths. */
function handlerCoordinate(method: Method, _name: string, owner: object): string | undefined {
  const path: unknown = Reflect.getMetadata(PATH_METADATA, method);
  if (path === undefined) return undefined;
  const verb = RequestMethod[Number(Reflect.getMetadata(METHOD_METADATA, method))];
  const parts = [Reflect.getMetadata(PATH_METADATA, owner) as unknown, path].flatMap((part) => String(part).split('/'));
  return `${verb} /${parts.filter(Boolean).join('/')}`;
}
