import { describe, expect, it } from '@jest/globals';
import { CommitUnknownError, DatabaseError, type DatabaseErrorCode } from '../src/errors';
import { interruptedError } from '../src/interrupted-error';
import { Interrupted, type Interruption } from '../src/operation';

const problem = Symbol.for('unite.problem');

function problemOf(error: DatabaseError): Record<string, unknown> {
  return (error as unknown as Record<symbol, Record<string, unknown>>)[problem] ?? {};
}

describe('an error of the cluster', () => {
  it.each<[DatabaseErrorCode, number]>([
    ['UNITE_DB_NO_PRIMARY', 503],
    ['UNITE_DB_SPLIT_BRAIN', 503],
    ['UNITE_DB_MIXED_CLUSTERS', 500],
    ['UNITE_DB_ACCESS_DENIED', 500],
    ['UNITE_DB_NO_READER', 503],
    ['UNITE_DB_CONNECTION_LOST', 503],
    ['UNITE_DB_QUEUE_FULL', 503],
    ['UNITE_DB_DEADLINE_EXCEEDED', 504],
    ['UNITE_DB_ABORTED', 503],
    ['UNITE_DB_ROLLED_BACK', 500],
    ['UNITE_DB_CLOSED', 503],
  ])('%s becomes a problem of status %d that says nothing of the servers', (code, status) => {
    const cause = new Error('connect ECONNREFUSED 10.0.0.7:5432');
    const error = new DatabaseError(code, 'db-1 at 10.0.0.7 is gone', { cause });
    expect(error).toMatchObject({ code, cause, name: 'DatabaseError', digest: `unite;${code};${status}` });
    expect(problemOf(error)).toMatchObject({ type: 'about:blank', status });
    expect(JSON.stringify(problemOf(error))).not.toMatch(/db-1|10\.0/);
    // Whoever may try again is told when.
    expect('headers' in problemOf(error)).toBe(status === 503);
    expect('detail' in problemOf(error)).toBe(status !== 500);
  });

  it('is known by its mark, across copies of the module', () => {
    const copy = { [Symbol.for('unite.db-ha.error')]: true, code: 'UNITE_DB_CLOSED' };
    expect(DatabaseError.isInstance(copy)).toBe(true);
    expect(DatabaseError.isInstance(new DatabaseError('UNITE_DB_CLOSED', 'x'))).toBe(true);
    for (const other of [undefined, null, 'UNITE_DB_CLOSED', new Error('x'), { code: 'UNITE_DB_CLOSED' }]) {
      expect(DatabaseError.isInstance(other)).toBe(false);
      expect(CommitUnknownError.isInstance(other)).toBe(false);
    }
  });
});

describe('a commit of which nobody knows', () => {
  it('is told from everything else', () => {
    const error = new CommitUnknownError('who knows', { cause: new Error('gone') });
    expect(error).toMatchObject({ code: 'UNITE_DB_COMMIT_UNKNOWN', name: 'CommitUnknownError' });
    expect(error.digest).toBe('unite;UNITE_DB_COMMIT_UNKNOWN;500');
    expect(DatabaseError.isInstance(error)).toBe(true);
    expect(CommitUnknownError.isInstance(error)).toBe(true);
    expect(CommitUnknownError.isInstance(new DatabaseError('UNITE_DB_CLOSED', 'x'))).toBe(false);
  });

  it('asks people to look before they try again', () => {
    const said = problemOf(new CommitUnknownError('who knows'));
    expect(said).toMatchObject({ status: 500, detail: expect.stringContaining('Look before trying again') });
    expect(said).not.toHaveProperty('headers');
  });
});

describe('what a caller is told of an interruption', () => {
  it.each<[Interruption, DatabaseErrorCode, boolean]>([
    ['deadline', 'UNITE_DB_DEADLINE_EXCEEDED', false],
    ['aborted', 'UNITE_DB_ABORTED', true],
    ['closed', 'UNITE_DB_CLOSED', false],
    ['lost', 'UNITE_DB_CONNECTION_LOST', true],
    ['fenced', 'UNITE_DB_CONNECTION_LOST', true],
  ])('%s: %s', (interruption, code, hasCause) => {
    const cause = new Error('why');
    const error = interruptedError(new Interrupted(interruption, { cause }), 'a read on db-1');
    expect(error.code).toBe(code);
    expect(error.message).toMatch(/: a read on db-1; nothing took effect$/);
    expect(error.cause).toBe(hasCause ? cause : undefined);
  });
});
