/** Makes the application's own tables, as TypeORM's migrations do in an application that lives longer than an example. */
import { DataSource } from 'typeorm';
import { Account, Member } from './entities.js';

const url = process.env['DATABASE_URL'] ?? '';
const source = new DataSource({ type: 'postgres', url, entities: [Account, Member], synchronize: true });
await source.initialize();
const accounts = source.getRepository(Account);
if ((await accounts.count()) === 0) {
  const { id: accountId } = await accounts.save({ name: 'Example' });
  await source.getRepository(Member).save({ accountId, email: 'robot@example.test' });
}
await source.destroy();
