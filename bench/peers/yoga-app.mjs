import { createServer } from 'node:http';
import { createSchema, createYoga } from 'graphql-yoga';
import { DEVICE, devicesOf, ITEM, ITEMS, serveToParent } from './items.mjs';

/** GraphQL Yoga on `node:http`, as its documentation has it. */
const [, databaseUrl, tenantId] = process.argv.slice(2);
const members = (fields) => Object.entries(fields).map(([name, type]) => `${name}: ${type}`);
const readDevices = databaseUrl && devicesOf(databaseUrl, tenantId);
const yoga = createYoga({
  logging: false,
  schema: createSchema({
    typeDefs: `
      type BenchItem { ${members(ITEM)} }
      type Device { ${members(DEVICE)} }
      type DevicePage { nodes: [Device!]! }
      type Query { benchTrivial: String! benchItems: [BenchItem!]! benchDevices: DevicePage! }`,
    resolvers: {
      Query: {
        benchTrivial: () => 'pong',
        benchItems: () => ITEMS,
        benchDevices: async () => ({ nodes: await readDevices() }),
      },
    },
  }),
});
const server = createServer(yoga);
server.listen(0, '127.0.0.1', () => serveToParent(`http://127.0.0.1:${server.address().port}`));
