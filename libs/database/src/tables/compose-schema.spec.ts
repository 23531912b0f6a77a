import { defineEntity, p } from '@mikro-orm/core';
import { Migration } from '@mikro-orm/migrations';
import { composeSchema } from './compose-schema.js';
import { DATABASE_SCHEMA } from '../own-schema.js';

const table = (tableName: string) => {
  const schema = defineEntity({ name: 'Row', tableName, properties: { id: p.uuid().primary() } });
  class Row extends schema.class {}
  schema.setClass(Row);
  return Row;
};
const trigger = (name: string) => ({ name, timing: 'after' as const, events: ['update' as const], expression: name });
const [Site, Door] = [table('sites'), table('doors')];

class Migration20300101000000_sites extends Migration {
  override up(): void {}
}
class Migration20300102000000_doors extends Migration {
  override up(): void {}
}

describe('composed schema', () => {
  it('a composed schema runs the migrations of all rooms, and of the database, in the order of their names', () => {
    const { migrations, entities } = composeSchema([
      { entities: [Door], migrations: [Migration20300102000000_doors] },
      { entities: [Site], migrations: [Migration20300101000000_sites] },
    ]);
    expect(migrations).toEqual([
      ...DATABASE_SCHEMA.migrations,
      Migration20300101000000_sites,
      Migration20300102000000_doors,
    ]);
    expect(entities).toEqual([...DATABASE_SCHEMA.entities, Door, Site]);
  });

  it('a composed schema refuses a migration that two rooms have', () => {
    const migrations = [Migration20300101000000_sites];
    const compose = () =>
      composeSchema([
        { entities: [Site], migrations },
        { entities: [Door], migrations },
      ]);
    expect(compose).toThrow('Two schemas bring the migration Migration20300101000000_sites: give each name once.');
  });

  it('a composed schema refuses a table that two entities describe', () => {
    const compose = () =>
      composeSchema([
        { entities: [Site], migrations: [] },
        { entities: [table('sites')], migrations: [] },
      ]);
    expect(compose).toThrow('Two schemas bring the table sites: give each name once.');
  });

  it('a composed schema collects the triggers that rooms put on a table, and refuses triggers on an unknown table', () => {
    const rooms = [
      { entities: [Site], migrations: [], triggers: { sites: [trigger('a')] } },
      { entities: [Door], migrations: [], triggers: { sites: [trigger('b')] } },
    ];
    expect(composeSchema(rooms).triggers).toEqual({ sites: [trigger('a'), trigger('b')] });
    expect(() => composeSchema(rooms.slice(1))).toThrow('A schema has triggers for the table sites, which no schema');
  });
});
