import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sanitizeSql } from '../../src/instrumentation/sanitize-sql';

describe('sanitizeSql', () => {
  test.each([
    ["SELECT * FROM t1 WHERE a = 'x''y' AND b = 12", 'SELECT * FROM t1 WHERE a = ? AND b = ?'],
    ['SELECT -1, .5, 1_000, 1.5e-10, 0xFF, 12abc', 'SELECT -?'],
    ["SELECT E'it\\'s' || U&'\\0061' || x'1F'", 'SELECT ? || ? || ?'],
    ["select'secret'", 'select?'],
    ['SELECT $$a $b$ c$$ || $tag$ $$ $tag$ || $1', 'SELECT ? || ? || $1'],
    ['SELECT a$1b, "it""s 7", é1 FROM x2', 'SELECT a$1b, "it""s 7", é1 FROM x2'],
    ['SELECT 1 -- for Ada, 7\nFROM t', 'SELECT ? FROM t'],
    ["/* by 'Ada' /* 1 */ 2 */ SELECT /*", 'SELECT'],
    ['SELECT a /* b', 'SELECT a'],
    ["INSERT INTO t VALUES (1, 'a'), (2, 'b')", 'INSERT INTO t VALUES (?), (?)'],
    ['SELECT *\n  FROM t\r\n WHERE id IN ( 1,2 , 3 )', 'SELECT * FROM t WHERE id IN ( ? )'],
    ['', ''],
  ])('%s', (sql, sanitized) => {
    expect(sanitizeSql(sql)).toBe(sanitized);
  });

  test.each(["'", "E'", "E'\\", "U&'", '$$', '$a$', '"', '--', '/*', '/* /* */'])(
    'hides to the end what never ends: %s',
    (open) => {
      expect(sanitizeSql(`SELECT ${open} hidden \n`.replace('-- hidden \n', '-- hidden'))).not.toContain(
        'hidden',
      );
    },
  );

  test('cuts what is very long', () => {
    expect(sanitizeSql(`SELECT '${'x'.repeat(100_000)}'`)).toBe('SELECT ?…');
    expect(sanitizeSql('a, '.repeat(10_000))).toHaveLength(16_384 + 1);
  });

  test('comes to an end, whatever it gets', () => {
    for (const piece of ["'", '$a', '$$', '/*', '"', "E'\\", '1.', '--', "''", '?,']) {
      expect(sanitizeSql(piece.repeat(50_000)).length).toBeLessThanOrEqual(16_384 + 1);
    }
  });

  const secret = fc.stringMatching(/^[a-z]{1,3}SECRET[a-z]{0,3}$/);
  const quoted = secret.chain((text) =>
    fc.constantFrom(
      `'${text}'`,
      `'it''s ${text}'`,
      `E'\\'${text}\\\\'`,
      `e'${text}'''`,
      `U&'${text}'`,
      `N'${text}\\'`,
      `B'${text}'`,
      `$$${text}$$`,
      `$q$ $$ ' ${text} $q$`,
      `/* ${text} ' /* " */ $$ */`,
      `-- ${text} ' \n`,
    ),
  );
  const number = fc.oneof(
    fc.nat().map(String),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    fc.nat().map((value) => `0x${value.toString(16)}`),
  );
  const name = fc.constantFrom(
    'SELECT',
    'FROM',
    'contacts',
    'select_',
    '"Quoted"',
    ',',
    '(',
    ')',
    '=',
    '||',
    '::',
    '$tag',
  );

  test('lets no literal and no number through, wherever they stand', () => {
    const space = fc.constantFrom(' ', '\n', '\t', '/**/');
    const part = fc.tuple(fc.oneof(quoted, number, name), space).map((pair) => pair.join(''));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
        const sanitized = sanitizeSql(parts.join(''));
        expect(sanitized).not.toContain('SECRET');
        expect(sanitized).not.toMatch(/\d/);
      }),
      { numRuns: 1_000 },
    );
  });

  test('takes anything, and leaves no text in quotes', () => {
    const rough = fc.string({
      unit: fc.constantFrom("'", '"', '$', '\\', '-', '/', '*', 'E', 'a', '1', '.', ' ', '\n', '?'),
    });
    fc.assert(
      fc.property(fc.oneof(rough, fc.string({ unit: 'binary' })), (sql) => {
        expect(sanitizeSql(sql).replace(/"[^"]*"/g, '')).not.toContain("'");
      }),
      { numRuns: 2_000 },
    );
  });
});
