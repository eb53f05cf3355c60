import { describe, expect, it } from '@jest/globals';
import { cpuMs } from '@unite/shared/testing';
import {
  commitsTransaction,
  controlsTransaction,
  isBegin,
  isWhole,
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

describe('comments and literals', () => {
  it.each([
    ['/* a /* b */ c */ COMMIT', true],
    ['/* a /* b */ COMMIT', false],
    ['-- x\rCOMMIT', true],
    ["SELECT E'it\\'s; commit; now'", false],
    ["SELECT e'\\\\'; commit", true],
    ["SELECT 'a\\'; commit", true],
    ['SELECT $é$; commit; $é$', false],
    ['SELECT a$b$ AS c; commit', true],
  ])('are read as PostgreSQL reads them: %j', (text, controls) => {
    expect(controlsTransaction(text)).toBe(controls);
  });
});

describe('what the server’s word is about the whole of', () => {
  it.each([
    undefined,
    'SELECT 1',
    'with a as (select 1) insert into notes select * from a',
    'INSERT INTO notes VALUES (1); UPDATE notes SET id = 2;',
    "/* x */ DELETE FROM notes WHERE text = '; CALL pay()'",
    'CREATE TABLE notes (id int)',
  ])('is %j', (text) => {
    expect(isWhole(text)).toBe(true);
  });

  it.each([
    'CALL pay(1)',
    'DO $$ BEGIN COMMIT; END $$',
    'BEGIN; INSERT INTO notes VALUES (1); COMMIT; SELECT pg_sleep(5)',
    'COMMIT; INSERT INTO notes VALUES (1)',
    'CREATE INDEX CONCURRENTLY ON notes (id)',
    'VACUUM',
  ])('is not %j', (text) => {
    expect(isWhole(text)).toBe(false);
  });
});

it('knows who only begins', () => {
  expect(['BEGIN', 'start transaction read only;', '/* a */ begin -- b'].every(isBegin)).toBe(true);
  expect(['BEGIN; SELECT 1', 'SELECT 1', undefined, 'BEGINNING'].some(isBegin)).toBe(false);
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
    const tookMs = cpuMs(() => {
      for (const text of hostile) commitsTransaction(text);
    });
    expect(tookMs).toBeLessThan(5_000);
  });
});
