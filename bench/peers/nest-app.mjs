import 'reflect-metadata';
import { ApolloDriver } from '@nestjs/apollo';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Field, GraphQLModule, ID, Int, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { DEVICE, devicesOf, ITEM, ITEMS, serveToParent } from './items.mjs';

/** A stock Nest application, as its documentation has it: nothing guarded, nothing tuned. `express`, `fastify` or `mercurius`. */
const [kind = 'express', databaseUrl, tenantId] = process.argv.slice(2);

const TYPES = { ID, Int, String };
function objectType(name, fields) {
  class Shape {}
  for (const [field, type] of Object.entries(fields))
    Field(() => TYPES[type], { nullable: true })(Shape.prototype, field);
  ObjectType(name)(Shape);
  return Shape;
}
const Item = objectType('BenchItem', ITEM);
const Device = objectType('Device', DEVICE);
class DevicePage {}
Field(() => [Device])(DevicePage.prototype, 'nodes');
ObjectType('DevicePage')(DevicePage);
const items = ITEMS.map((item) => Object.assign(new Item(), item));
const readDevices = databaseUrl && devicesOf(databaseUrl, tenantId);

class ItemResolver {
  benchTrivial() {
    return 'pong';
  }
  benchItems() {
    return items;
  }
  async benchDevices() {
    return { nodes: await readDevices() };
  }
}
const method = (name) => [ItemResolver.prototype, name, Object.getOwnPropertyDescriptor(ItemResolver.prototype, name)];
Query(() => String)(...method('benchTrivial'));
Query(() => [Item])(...method('benchItems'));
Query(() => DevicePage)(...method('benchDevices'));
Resolver()(ItemResolver);

async function driverOptions() {
  if (kind !== 'mercurius') return { driver: ApolloDriver, autoSchemaFile: true };
  const { MercuriusDriver } = await import('@nestjs/mercurius');
  return { driver: MercuriusDriver, autoSchemaFile: true, jit: 1 };
}

async function adapter() {
  if (kind === 'express') return new (await import('@nestjs/platform-express')).ExpressAdapter();
  return new (await import('@nestjs/platform-fastify')).FastifyAdapter();
}

class StockModule {}
Module({ imports: [GraphQLModule.forRoot(await driverOptions())], providers: [ItemResolver] })(StockModule);

const app = await NestFactory.create(StockModule, await adapter(), { logger: false });
await app.listen(0, '127.0.0.1');
serveToParent((await app.getUrl()).replace('[::1]', '127.0.0.1'));
