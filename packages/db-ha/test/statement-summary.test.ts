import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { statementSummary } from '../src/statement-summary';

describe('a statement is summed up', () => {
  it.each([
    ['SELECT name FROM contacts WHERE id = $1', 'SELECT contacts'],
    ['select * from Contacts', 'SELECT contacts'],
    ['SELECT 1', 'SELECT'],
    ['(SELECT a FROM one) UNION (SELECT a FROM two)', 'SELECT one'],
    ['SELECT * FROM public.contacts c JOIN deals ON true', 'SELECT contacts'],
    ['SELECT * FROM "Tenant 7"."Contact List"', 'SELECT Contact_List'],
    ['SELECT * FROM "a""b"', 'SELECT a"b'],
    ['SELECT "from", \'FROM secret\' FROM ONLY contacts', 'SELECT contacts'],
    ['SELECT * FROM (SELECT * FROM contacts) AS c', 'SELECT contacts'],
    ["SELECT extract(year FROM at), substring('a' FROM 1) FROM visits", 'SELECT visits'],
    ['SELECT a IS DISTINCT FROM b FROM deals', 'SELECT deals'],
    ['SELECT * FROM generate_series(1, 3)', 'SELECT generate_series'],
    ['SELECT * FROM LATERAL (SELECT 1 FROM deals) d', 'SELECT deals'],
    ["SELECT e'\\' FROM secret' FROM deals", 'SELECT deals'],
    ['SELECT * FROM $1', 'SELECT'],
    ['INSERT INTO contacts (name) VALUES ($1)', 'INSERT contacts'],
    ['INSERT INTO "crm"."contacts" SELECT * FROM old', 'INSERT contacts'],
    ['UPDATE ONLY contacts SET name = $1', 'UPDATE contacts'],
    ['DELETE FROM crm.contacts', 'DELETE contacts'],
    ['MERGE INTO contacts USING news ON true WHEN MATCHED THEN DO NOTHING', 'MERGE contacts'],
    ['CREATE TABLE contacts (id int)', 'CREATE'],
    ['BEGIN', 'BEGIN'],
    ['-- SELECT a FROM b\n /* one /* two */ FROM x */ SELECT 1 FROM contacts', 'SELECT contacts'],
    ['SELECT /* FROM x */ 1 -- FROM y', 'SELECT'],
    ['WITH recent AS (SELECT * FROM visits) SELECT * FROM recent JOIN contacts ON true', 'SELECT visits'],
    [
      'WITH a AS (SELECT 1), b(x) AS MATERIALIZED (SELECT 2) SELECT * FROM a, (SELECT * FROM deals) d',
      'SELECT deals',
    ],
    ['WITH RECURSIVE tree AS (SELECT 1 UNION SELECT 2 FROM tree) SELECT * FROM tree', 'SELECT'],
    ['WITH gone AS (DELETE FROM old RETURNING *) INSERT INTO archive SELECT * FROM gone', 'INSERT archive'],
    [`WITH a AS (SELECT 1 FROM deals WHERE ${'x AND '.repeat(60)} true) SELECT * FROM a`, 'WITH deals'],
    [`SELECT ${'column_name, '.repeat(30)} x FROM contacts`, 'SELECT'],
    [`SELECT * FROM ${'t'.repeat(150)} WHERE true`, `SELECT ${'t'.repeat(93)}`],
    // The name begins in what is read, and ends behind it.
    [`SELECT ${'a'.repeat(180)} FROM contacts_of_tenants`, 'SELECT'],
    ["SELECT 'never ends FROM secret", 'SELECT'],
    ['SELECT * FROM "never ends', 'SELECT'],
    ['SELECT 1 /* never ends FROM secret', 'SELECT'],
  ])('%s', (text, summary) => {
    expect(statementSummary(text)).toBe(summary);
  });

  it('by its name where it is prepared', () => {
    expect(statementSummary({ name: 'contact-by-id', text: 'SELECT * FROM contacts' })).toBe('contact-by-id');
    expect(statementSummary({ name: 'n'.repeat(300), text: '' })).toBe('n'.repeat(100));
    expect(statementSummary({ name: '', text: 'SELECT * FROM contacts' })).toBe('SELECT contacts');
    expect(statementSummary({ text: 'DELETE FROM contacts' })).toBe('DELETE contacts');
  });

  it.each([[''], ['  -- nothing'], ['hunter2'], ["'hunter2'"], ['💥'], [';;']])(
    'not where it is no SQL: %s',
    (text) => {
      expect(statementSummary(text)).toBeUndefined();
    },
  );

  it('the same each time, among more texts than are remembered', () => {
    const ids = Array.from({ length: 1_200 }, (_, id) => id);
    const summaries = [...ids, ...ids].map((id) => statementSummary(`SELECT ${id} FROM contacts_${id}`));
    expect(summaries).toEqual([...ids, ...ids].map((id) => `SELECT contacts_${id}`));
    const long = `SELECT * FROM contacts WHERE id IN (${'1, '.repeat(1_000)}1)`;
    for (const text of [long, long]) expect(statementSummary(text)).toBe('SELECT contacts');
  });

  it('not where it brings its own protocol, without a text', () => {
    expect(statementSummary({ submit: () => undefined })).toBeUndefined();
  });

  it('without any value, and short, whatever it is', () => {
    const parts = fc.constantFrom(
      "'",
      '"',
      '/*',
      '*/',
      '--',
      '\n',
      '(',
      ')',
      '$1',
      'FROM',
      'SELECT',
      'WITH',
      'AS',
      ',',
      '.',
      ';',
    );
    const pieces = fc.array(fc.oneof(parts, fc.string({ unit: 'binary', maxLength: 5 })), { maxLength: 60 });
    fc.assert(
      fc.property(pieces, (words) => {
        const summary = statementSummary(`SELECT * FROM contacts WHERE name = 'secret' ${words.join(' ')}`);
        expect(summary).toBe('SELECT contacts');
        expect((statementSummary(words.join(' ')) ?? '').length).toBeLessThanOrEqual(100);
      }),
    );
  });

  it('from its first 200 characters alone', () => {
    const beginning = `SELECT ${'a, '.repeat(59)}b FROM contacts`;
    expect(beginning).toHaveLength(199);
    for (const rest of ['(', "'", '/*', '"']) {
      expect(statementSummary(`${beginning} ${rest.repeat(1_000_000)}`)).toBe('SELECT contacts');
    }
  });
});
