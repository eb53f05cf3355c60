import { beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import * as parser from 'libpg-query';
import { createRouter, type Router } from '../../src/router';

let router: Router;
beforeAll(async () => {
  router = await createRouter({ parser });
});

const value = fc.constantFrom(
  '1',
  '$1',
  'id',
  't.name',
  "'FOR UPDATE; DELETE'",
  'NULL',
  "'2020-01-01'::date",
);

/** Ways to put one expression into another. */
const expressionPlaces: readonly ((inner: string) => string)[] = [
  (inner) => `lower((${inner})::text)`,
  (inner) => `(${inner}) + 1`,
  (inner) => `coalesce(NULL, ${inner})`,
  (inner) => `CASE WHEN (${inner}) IS NULL THEN 1 ELSE 2 END`,
  (inner) => `ARRAY[${inner}]`,
  (inner) => `(ROW(${inner}, 2)).f1`,
  (inner) => `(SELECT ${inner} FROM items LIMIT 1)`,
  (inner) => `count(*) FILTER (WHERE ${inner} IS NOT NULL) OVER (ORDER BY ${inner})`,
  (inner) => `EXISTS (SELECT 1 WHERE ${inner} IN (1, 2))`,
  (inner) => `json_object('a': ${inner})`,
  (inner) => `xmlforest(${inner} AS a)`,
  (inner) => `(${inner})::numeric(3) BETWEEN 1 AND 2`,
];

/** Ways to make a statement of an expression, or of another statement. */
const statementPlaces: readonly ((expression: string, inner: string) => string)[] = [
  (expression) => `SELECT ${expression}`,
  (expression) => `VALUES (1, ${expression})`,
  (expression) => `SELECT id FROM items WHERE ${expression} IS NULL ORDER BY ${expression}`,
  (expression, inner) => `WITH a AS (${inner}) SELECT ${expression} FROM a`,
  (expression, inner) => `SELECT ${expression} FROM (${inner}) AS t, LATERAL (${inner}) AS u`,
  (expression, inner) => `(${inner}) UNION ALL (SELECT ${expression})`,
  (expression, inner) =>
    `SELECT ${expression} FROM items JOIN generate_series(1, 2) AS g ON EXISTS (${inner})`,
  (expression, inner) => `/* FOR UPDATE */ SELECT ARRAY(${inner}), ${expression} -- INSERT\n`,
];

const harmfulExpression = fc.constantFrom(
  "nextval('s')",
  'pg_advisory_lock(1)',
  'pg_catalog.pg_sleep(1)',
  'public.lower(name)',
  'mine()',
  '(1).pg_advisory_xact_lock',
  '1 OPERATOR(public.+) 2',
  "current_setting('a.b')",
  '(SELECT 1 FROM pg_locks)',
  '(SELECT id FROM items FOR UPDATE)',
);

const harmfulStatement = fc.constantFrom(
  'SELECT * FROM items FOR NO KEY UPDATE',
  'SELECT * FROM pg_stat_activity',
  'SELECT * FROM mine() AS f',
  'WITH w AS (DELETE FROM items RETURNING *) SELECT * FROM w',
  'WITH w AS (INSERT INTO items VALUES (1)) SELECT 1',
  'SELECT * FROM pg_temp.items',
);

/** Wraps an expression a few times. */
function expression(seed: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(seed, fc.array(fc.constantFrom(...expressionPlaces), { maxLength: 4 }))
    .map(([start, places]) => places.reduce((inner, place) => `(${place(inner)})`, `(${start})`));
}

/** Wraps a statement a few times, in statements of harmless expressions. */
function statement(seed: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const step = fc.tuple(fc.constantFrom(...statementPlaces.slice(3)), expression(value));
  return fc
    .tuple(seed, fc.array(step, { maxLength: 3 }))
    .map(([start, steps]) => steps.reduce((inner, [place, item]) => place(item, inner), start));
}

function statementOf(item: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(fc.constantFrom(...statementPlaces), item).map(([place, text]) => place(text, 'SELECT 1'));
}

const runs = { numRuns: 500 };

test('statements of harmless parts alone go to a replica', () => {
  fc.assert(
    fc.property(statement(statementOf(expression(value))), (text) => {
      expect([text, router.classify(text)]).toEqual([text, { target: 'replica' }]);
    }),
    runs,
  );
});

test('one harmful expression anywhere keeps a statement on the primary', () => {
  fc.assert(
    fc.property(statement(statementOf(expression(harmfulExpression))), (text) => {
      const route = router.classify(text);
      expect([text, route]).toEqual([text, expect.objectContaining({ target: 'primary' })]);
      expect([text, route]).not.toEqual([text, expect.objectContaining({ reason: 'unparsed' })]);
    }),
    runs,
  );
});

test('one harmful statement at any depth keeps the whole on the primary', () => {
  fc.assert(
    fc.property(statement(harmfulStatement), (text) => {
      expect([text, router.classify(text)]).toEqual([text, expect.objectContaining({ target: 'primary' })]);
    }),
    runs,
  );
});

test('a second statement keeps the first on the primary', () => {
  fc.assert(
    fc.property(
      statementOf(expression(value)),
      fc.constantFrom('SELECT 1', 'COMMIT', 'DROP TABLE x'),
      (a, b) => {
        expect(router.classify(`${a}\n; ${b}`)).toEqual({ target: 'primary', reason: 'several statements' });
      },
    ),
    runs,
  );
});

test('any text at all gets an answer', () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom('SELECT', ' ', '(', ')', "'", '$$', ';', '--', '/*', '\0'),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      expect(['replica', 'primary']).toContain(router.classify(pieces.join(' ')).target);
    }),
    runs,
  );
});
