import { describe, expect, it } from '@jest/globals';
import {
  checkCommitted,
  commitAndLocate,
  isPositionRefused,
  mentionsSynchronousCommit,
  readCommit,
} from '../../src/write/commit';
import { isCommit } from '../../src/write/transaction-words';
import { serverError } from '../fake-driver';
import { report } from '../reports';

const answer = (command: string, lsn?: unknown) =>
  [
    { rows: [], rowCount: null, command },
    ...(lsn === undefined ? [] : [{ rows: [{ lsn }], rowCount: 1, command: 'SELECT' }]),
  ] as never;
const server = report({ timeline: 3 });

describe('the answer to a commit', () => {
  it('tells how far the log reaches', () => {
    const { result, token } = readCommit(answer('COMMIT', '0/3002018'), server, false);
    expect(result.command).toBe('COMMIT');
    expect(token).toEqual({ systemId: 'ours', timeline: 3, lsn: 0x3002018n });
  });

  it('leaves out the header of an empty page where the log was not waited for', () => {
    expect(readCommit(answer('COMMIT', '0/3002018'), server, true).token?.lsn).toBe(0x3002000n);
    expect(readCommit(answer('COMMIT', '0/3000028'), server, true).token?.lsn).toBe(0x3000000n);
  });

  it.each([undefined, null, 'nonsense', 7])('without a position is a commit all the same: %p', (lsn) => {
    expect(readCommit(answer('COMMIT', lsn), server, false)).toMatchObject({
      result: { command: 'COMMIT' },
      token: undefined,
    });
  });

  it.each([['ROLLBACK'], ['']])('"%s" is no success', (command) => {
    expect(() => readCommit(answer(command, '0/1'), server, false)).toThrow(
      expect.objectContaining({ code: 'UNITE_DB_ROLLED_BACK' }),
    );
  });

  it('that is empty is no success', () => {
    expect(() => readCommit([], server, false)).toThrow('The transaction was rolled back');
  });

  it('is asked for after the commit, never inside the transaction', () => {
    expect(commitAndLocate(false)).toBe('COMMIT;SELECT pg_current_wal_lsn()::text AS lsn');
    expect(commitAndLocate(true)).toBe('COMMIT;SELECT pg_current_wal_insert_lsn()::text AS lsn');
  });
});

describe('a commit among other statements', () => {
  it('that was answered with ROLLBACK is no success', () => {
    const of = (...commands: string[]) => commands.map((command) => ({ rows: [], rowCount: null, command }));
    const rolledBack = expect.objectContaining({ code: 'UNITE_DB_ROLLED_BACK' });
    expect(() => checkCommitted(of('ROLLBACK'), 'COMMIT AND CHAIN')).toThrow(rolledBack);
    expect(() => checkCommitted(of('SELECT', 'ROLLBACK'), 'SELECT 1; COMMIT')).toThrow(rolledBack);
    expect(() => checkCommitted(of('ROLLBACK', 'ROLLBACK'), 'ROLLBACK TO a; COMMIT')).toThrow(rolledBack);
    expect(() => checkCommitted(of('ROLLBACK', 'COMMIT'), 'ROLLBACK TO a; COMMIT')).not.toThrow();
    const [alone] = of('ROLLBACK');
    expect(() => checkCommitted(alone as never, "PREPARE TRANSACTION 'x'")).toThrow(rolledBack);
  });
});

it('takes only the refusal of its own question for one, not an error that speaks of it', () => {
  const message = 'permission denied for function pg_current_wal_lsn';
  expect(isPositionRefused(serverError('42501', message))).toBe(true);
  expect(isPositionRefused(serverError('42501', 'permission denied for function pay'))).toBe(false);
  expect(isPositionRefused(serverError('P0001', message))).toBe(false);
  expect(isPositionRefused(new Error(message))).toBe(false);
});

describe('a commit', () => {
  it.each([
    'COMMIT',
    'commit;',
    ' end ',
    'END TRANSACTION;',
    'Commit\nWork',
    'commit transaction ; ',
    '/* a */ COMMIT -- b',
    'COMMIT AND NO CHAIN',
  ])('is %j', (text) => {
    expect(isCommit(text)).toBe(true);
  });

  it.each([
    undefined,
    7,
    '',
    'COMMITTED',
    'COMMIT AND CHAIN',
    "COMMIT PREPARED 'x'",
    'COMMIT; SELECT 1',
    'SELECT 1; COMMIT',
    'ROLLBACK',
  ])('is not %j', (text) => {
    expect(isCommit(text)).toBe(false);
  });
});

it('notices who may turn off waiting for the log', () => {
  expect(mentionsSynchronousCommit('SET LOCAL Synchronous_Commit TO off')).toBe(true);
  expect(mentionsSynchronousCommit("SELECT set_config('synchronous_commit', 'off', true)")).toBe(true);
  expect(mentionsSynchronousCommit('SELECT set_config($1, $2, true)', ['synchronous_commit', 'off'])).toBe(
    true,
  );
  expect(mentionsSynchronousCommit('SELECT set_config($1, $2, true)', ['app.tenant', 7])).toBe(false);
  expect(mentionsSynchronousCommit('SELECT set_config($1, $2, true)')).toBe(false);
  expect(mentionsSynchronousCommit('SELECT $1', ['synchronous_commit'])).toBe(false);
  expect(mentionsSynchronousCommit('COMMIT')).toBe(false);
  expect(mentionsSynchronousCommit(undefined)).toBe(false);
});
