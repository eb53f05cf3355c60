import { describe, expect, it } from '@jest/globals';
import {
  commitsTransaction,
  controlsTransaction,
  outlastsTransaction,
  rollbacksIn,
} from '../../src/write/transaction-words';

describe('who begins or ends a transaction', () => {
  it.each([
    'BEGIN',
    'begin isolation level serializable',
    ' START  TRANSACTION',
    'COMMIT',
    'commit and chain',
    'END',
    'ABORT',
    "PREPARE TRANSACTION 'x'",
    'ROLLBACK',
    'rollback work',
    'ROLLBACK AND CHAIN',
    '/* trace */ COMMIT',
    '-- done\ncommit',
    'SELECT 1; COMMIT',
    "INSERT INTO notes VALUES ('a;b'); end;",
  ])('%j does', (text) => {
    expect(controlsTransaction(text)).toBe(true);
  });

  it.each([
    undefined,
    'ROLLBACK TO a',
    'rollback work to savepoint a',
    'ROLLBACK TRANSACTION TO a',
    'SAVEPOINT a',
    'RELEASE a',
    'PREPARE plan AS SELECT 1',
    'SELECT 1',
    'ENDS',
    'beginning',
    '-- COMMIT',
    '/* ; COMMIT; */ SELECT 1',
    "SELECT '; COMMIT'",
    "SELECT 'it''s; COMMIT'",
    'SELECT 1 AS "; commit"',
    'DO $$ BEGIN PERFORM 1; END $$',
    'CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $body$ BEGIN RETURN $1; END; $body$',
    'CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END',
    'SELECT CASE WHEN true THEN 1 END',
  ])('%j does not', (text) => {
    expect(controlsTransaction(text)).toBe(false);
  });
});

describe('what makes something last that is sent inside a transaction', () => {
  it.each([
    'COMMIT',
    'INSERT INTO notes VALUES (1); COMMIT',
    'ROLLBACK; INSERT INTO notes VALUES (1)',
    'abort;\nUPDATE notes SET id = 2;',
  ])('is %j', (text) => {
    expect(outlastsTransaction(text)).toBe(true);
  });

  it.each([
    'INSERT INTO notes VALUES (1)',
    'ROLLBACK',
    'ROLLBACK;  -- and nothing more',
    'SELECT 1; ROLLBACK',
    'ROLLBACK TO one; INSERT INTO notes VALUES (1)',
  ])('is not %j', (text) => {
    expect(outlastsTransaction(text)).toBe(false);
  });
});

it('knows how many answers ROLLBACK a text asks for', () => {
  expect(rollbacksIn('COMMIT')).toBe(0);
  expect(rollbacksIn("ROLLBACK TO a; SELECT '; ROLLBACK'; abort")).toBe(2);
});

describe('what ends a transaction so that it takes effect', () => {
  it.each([
    'COMMIT',
    'end work',
    'COMMIT AND CHAIN',
    "COMMIT /* traceparent='00-1' */",
    "/* '; */ COMMIT -- '",
    'UPDATE notes SET id = 1; COMMIT',
    "PREPARE TRANSACTION 'x'",
  ])('is %j', (text) => {
    expect(commitsTransaction(text)).toBe(true);
  });

  it.each([undefined, 'BEGIN', 'ROLLBACK', 'ABORT', 'SELECT CASE WHEN true THEN 1 END', "SELECT '; COMMIT'"])(
    'is not %j',
    (text) => {
      expect(commitsTransaction(text)).toBe(false);
    },
  );

  it('is found out in no time, however long the text is', () => {
    const hostile = ["'", '$', '/*', '--', '$a$', '"'].map((quote) => `COMMIT ${quote.repeat(50_000)}`);
    const startedAtMs = performance.now();
    for (const text of hostile) commitsTransaction(text);
    expect(performance.now() - startedAtMs).toBeLessThan(1_000);
  });
});
