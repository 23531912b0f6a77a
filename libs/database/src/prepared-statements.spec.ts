import { PreparedStatements } from './prepared-statements.js';

describe('the name of a prepared statement', () => {
  it('is one for one text, whoever asks, and another for another text', () => {
    const [one, other] = [new PreparedStatements(), new PreparedStatements()];
    other.nameOf('select 2');
    expect(one.nameOf('select 1')).toEqual(other.nameOf('select 1'));
    expect(one.nameOf('select 2')).not.toEqual(one.nameOf('select 1'));
  });

  it('fits what PostgreSQL keeps of a name', () => {
    expect(new PreparedStatements().nameOf('select 1').name?.length).toBeLessThan(64);
  });

  it('is new after the tables have changed', () => {
    const statements = new PreparedStatements();
    const before = statements.nameOf('select 1');
    statements.renew();
    expect(statements.nameOf('select 1')).not.toEqual(before);
  });

  it('is given to 500 texts and no more', () => {
    const statements = new PreparedStatements();
    for (let index = 0; index < 500; index++) expect(statements.nameOf(`select ${index}`)).toHaveProperty('name');
    expect(statements.nameOf('select 500')).toEqual({});
    expect(statements.nameOf('select 0')).toHaveProperty('name');
  });

  it('is given to none where none is kept', () => {
    expect(new PreparedStatements(0).nameOf('select 1')).toEqual({});
  });
});
