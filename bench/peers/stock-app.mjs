import 'reflect-metadata';
import { ApolloDriver } from '@nestjs/apollo';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Field, GraphQLModule, ID, Int, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { ExpressAdapter } from '@nestjs/platform-express';

/** A stock Nest + Apollo application on Express, as its documentation has it: nothing guarded, nothing tuned. */
class Item {}
const FIELDS = {
  id: ID,
  name: String,
  address: String,
  model: String,
  serial: String,
  version: String,
  status: String,
  position: Int,
};
for (const [name, type] of Object.entries(FIELDS)) Field(() => type)(Item.prototype, name);
ObjectType('BenchItem')(Item);

const ITEMS = Array.from({ length: 20 }, (_, position) =>
  Object.assign(new Item(), {
    id: `item-${position}`,
    name: `switch ${position}`,
    address: `10.0.0.${position}`,
    model: 'RB5009',
    serial: `HE${position}`,
    version: '7.20.4',
    status: 'ONLINE',
    position,
  }),
);

class ItemResolver {
  benchTrivial() {
    return 'pong';
  }
  benchItems() {
    return ITEMS;
  }
}
const method = (name) => [ItemResolver.prototype, name, Object.getOwnPropertyDescriptor(ItemResolver.prototype, name)];
Query(() => String)(...method('benchTrivial'));
Query(() => [Item])(...method('benchItems'));
Resolver()(ItemResolver);

class StockModule {}
Module({
  imports: [GraphQLModule.forRoot({ driver: ApolloDriver, autoSchemaFile: true })],
  providers: [ItemResolver],
})(StockModule);

const app = await NestFactory.create(StockModule, new ExpressAdapter(), { logger: false });
await app.listen(0, '127.0.0.1');
const cpuMicros = () => {
  const { user, system } = process.cpuUsage();
  return user + system;
};
process.on('message', () => process.send({ cpuMicros: cpuMicros() }));
process.on('disconnect', () => process.exit(0));
process.send({ url: (await app.getUrl()).replace('[::1]', '127.0.0.1') });
