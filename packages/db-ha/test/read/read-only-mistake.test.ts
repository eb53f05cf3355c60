import { expect, it } from '@jest/globals';
import { readOnlyMistake } from '../../src/read/read-only-mistake';

it.each([
  ['BEGIN READ WRITE'],
  ['begin isolation level serializable,\n read  write; INSERT INTO notes VALUES (1); COMMIT'],
  ['SET TRANSACTION READ WRITE'],
  ['SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE'],
  ['SET default_transaction_read_only = off'],
  ['SELECT 1; SET LOCAL transaction_read_only TO off'],
  ["SELECT set_config('default_transaction_read_only', 'off', false)"],
  ['SELECT set_config($1, $2, false)', ['Transaction_Read_Only', 'off']],
])('refuses %j', (text, values: unknown[] = []) => {
  expect(readOnlyMistake(text, values)).toEqual(
    new TypeError('readOnly: a statement may not make its transaction writable'),
  );
});

it.each([
  [undefined],
  ['SELECT 1'],
  ['SHOW transaction_read_only'],
  ["SELECT current_setting('transaction_read_only')"],
  ["SELECT title FROM books WHERE title ILIKE '%read write%'"],
  ['SELECT "read write" FROM notes -- SET transaction_read_only'],
  ["SELECT set_config('app.tenant', $1, true)", ['42']],
])('lets %j through', (text, values: unknown[] = []) => {
  expect(readOnlyMistake(text, values)).toBeUndefined();
});
