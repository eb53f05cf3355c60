import { describe, expect, test } from '@jest/globals';
import { describeThrown } from '../../src/redaction';

class DatabaseError extends Error {
  override name = 'error';
  severity = 'ERROR';
  code = '22P02';
}
class SimpleError extends Error {}
class ReplyErrorLike extends Error {
  override name = 'ReplyError';
}

const syntax = 'invalid input syntax for type integer: "S3CRET"';
const unknown = "ERR unknown command, with args beginning with: 'Arg-S3CRET'";

describe('an answer of a database', () => {
  test.each([
    ['PostgreSQL', new DatabaseError(syntax), 'DatabaseError'],
    ['node-redis', new SimpleError(unknown), 'SimpleError'],
    ['ioredis', new ReplyErrorLike(unknown), 'ReplyError'],
    ['MySQL', Object.assign(new Error("Duplicate entry 'S3CRET'"), { sqlState: '23000' }), 'Error'],
    [
      'PostgreSQL, as a cause',
      new TypeError(`no: ${syntax}`, { cause: new Error('x', { cause: new DatabaseError(syntax) }) }),
      'TypeError',
    ],
  ])('comes without what it quotes: %s', (_, error, name) => {
    const { message, stack, ...rest } = describeThrown(error);
    expect(rest.name).toBe(name);
    expect(message).toMatch(/["']\?["']$/);
    expect(stack).toMatch(/["']\?["']\n +at /);
    expect(`${message} ${stack}`).not.toContain('S3CRET');
  });

  test('keeps its code beside its class', () => {
    expect(describeThrown(new DatabaseError(syntax)).code).toBe('22P02');
  });

  test('shows none in a stack that tells another message', () => {
    const error = new DatabaseError(syntax);
    error.message = 'rewritten';
    expect(describeThrown(error).stack).not.toContain('S3CRET');
    error.stack = `no frames ${syntax}`;
    expect(describeThrown(error).stack).not.toContain('S3CRET');
  });
});

test.each([
  ['a message with quotes', new RangeError('no "Ada" here')],
  ['a code of the system', Object.assign(new Error('no "Ada" here'), { code: 'E2BIG' })],
])('other errors keep their texts: %s', (_, error) => {
  expect(describeThrown(error)).toMatchObject({
    name: error.name,
    message: 'no "Ada" here',
    stack: error.stack,
  });
});

test('causes may be circular', () => {
  const error = new Error('a "b"');
  error.cause = error;
  expect(describeThrown(error).message).toBe('a "b"');
});

test('never throws, whatever was thrown', () => {
  const hostile = new Error('x');
  Object.defineProperty(hostile, 'message', {
    get() {
      throw new Error('no');
    },
  });
  const hostileCause = new Error('a');
  Object.defineProperty(hostileCause, 'cause', {
    get() {
      throw new Error('no');
    },
  });
  expect(describeThrown(hostile)).toEqual({ message: 'thrown: a value that cannot be read' });
  expect(describeThrown(hostileCause).message).toBe('a');
  expect(describeThrown('text')).toEqual({ message: 'thrown: "text"' });
  expect(describeThrown(Object.create(null))).toEqual({ message: 'thrown: an object' });
  expect(describeThrown(Object.assign(new Error('a'), { stack: 7, code: {} }))).toEqual({
    name: 'Error',
    message: 'a',
  });
  expect(describeThrown(Object.assign(new Error('a'), { code: 7 })).code).toBe('7');
});
