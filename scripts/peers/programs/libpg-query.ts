import assert from 'node:assert/strict';
import { createRouter } from '@unite/db-ha/router';
import * as parser from 'libpg-query';

const router = await createRouter({ parser });
const targetOf = (text: string) => {
  const route = router.classify(text);
  return route.target === 'replica' ? 'replica' : route.reason;
};
assert.deepEqual(
  [
    targetOf('SELECT name, count(*) FROM contacts WHERE id = $1 GROUP BY name'),
    targetOf('WITH a AS (SELECT 1 AS one) SELECT one FROM a ORDER BY one LIMIT 1'),
    targetOf('SELECT * FROM contacts FOR UPDATE'),
    targetOf('SELECT nextval($1)'),
    targetOf('INSERT INTO contacts VALUES (1)'),
    targetOf('WITH gone AS (DELETE FROM contacts RETURNING id) SELECT * FROM gone'),
    targetOf('SELECT 1; SELECT 2'),
    targetOf('SELECT FROM WHERE'),
  ],
  [
    'replica',
    'replica',
    'locking clause',
    'function',
    'not a read',
    'writes',
    'several statements',
    'unparsed',
  ],
);
console.log('reads, writes, locks, functions, several statements, what does not parse');
