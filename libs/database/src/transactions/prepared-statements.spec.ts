import { PreparedStatements } from './prepared-statements.js';

describe('names of prepared statements', () => {
  it('a prepared statement has one name for one text, for every caller, and another name for another text', () => {
    const [one, other] = [new PreparedStatements(), new PreparedStatements()];
    other.nameOf('select 2');
    expect(one.nameOf('select 1')).toEqual(other.nameOf('select 1'));
    expect(one.nameOf('select 2')).not.toEqual(one.nameOf('select 1'));
  });

  it("the name of a prepared statement fits PostgreSQL's limit on names", () => {
    expect(new PreparedStatements().nameOf('select 1').name?.length).toBeLessThan(64);
  });

  it('the name of a prepared statement is new after the tables have changed', () => {
    const statements = new PreparedStatements();
    const before = statements.nameOf('select 1');
    statements.renew();
    expect(statements.nameOf('select 1')).not.toEqual(before);
  });

  it('at most 500 texts of statements get a name', () => {
    const statements = new PreparedStatements();
    for (let index = 0; index < 500; index++) expect(statements.nameOf(`select ${index}`)).toHaveProperty('name');
    expect(statements.nameOf('select 500')).toEqual({});
    expect(statements.nameOf('select 0')).toHaveProperty('name');
  });

  it('no statement gets a name where no connection keeps prepared statements', () => {
    expect(new PreparedStatements(0).nameOf('select 1')).toEqual({});
  });
});
