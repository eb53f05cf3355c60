import { describe, expect, test } from '@jest/globals';
import { describeThrown, isDatabaseErrorType } from '../../src/redaction';

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
  const { stack } = hostile;
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
  expect(describeThrown(hostile)).toEqual({
    name: 'Error',
    message: 'a message that cannot be read',
    stack,
  });
  expect(describeThrown(hostileCause).message).toBe('a');
  expect(describeThrown('text')).toEqual({ message: 'thrown: "text"' });
  expect(describeThrown(Object.create(null))).toEqual({ message: 'thrown: an object' });
  expect(describeThrown(Object.assign(new Error('a'), { stack: 7, code: {} }))).toEqual({
    name: 'Error',
    message: 'a',
  });
  expect(describeThrown(Object.assign(new Error('a'), { code: 7 })).code).toBe('7');
});

test.each([
  ['Drizzle', { name: 'DrizzleQueryError' }, 'Failed query: insert ($1)\nparams: S3CRET'],
  ['a mapper, by its cause', { cause: new DatabaseError(syntax) }, 'Failed query: x\nparams: S3CRET'],
  ['MongoDB', { name: 'MongoServerError' }, 'no "S3CRET"'],
  ['a duplicate of MongoDB', { code: 11000 }, 'no "S3CRET"'],
  ['SQL Server', { number: 245 }, "converting the value 'S3CRET' failed"],
  [
    'Prisma',
    { name: 'PrismaClientValidationError' },
    'Invalid {\n  data: {\n    a: "S3CRET",\n    b: 4711\n  }\n}',
  ],
  ['SQLite', { code: 'SQLITE_ERROR' }, 'near "S3CRET": syntax error'],
  ['MySQL', { code: 'ER_BAD_FIELD_ERROR' }, "Unknown column 'S3CRET'"],
])('tells a database by its name or code: %s', (_, properties, text) => {
  const { message, stack } = describeThrown(Object.assign(new Error(text), properties));
  expect(`${message} ${stack}`).not.toMatch(/S3CRET|4711/);
  expect(message).toContain('?');
});

test('tells a database by the type that was recorded', () => {
  for (const type of ['MongoServerError', 'SQLITE_ERROR', 'ER_DUP_ENTRY', '23505'])
    expect(isDatabaseErrorType(type)).toBe(true);
  for (const type of ['TypeError', 'ERR_INVALID_URL', 'ECONNREFUSED'])
    expect(isDatabaseErrorType(type)).toBe(false);
});

describe('a field that cannot be read costs none of the others', () => {
  const broken = {
    get() {
      throw new Error('no');
    },
  };
  test.each(['name', 'code', 'message', 'stack', 'constructor'])('%s', (field) => {
    const whole = Object.assign(new TypeError('told'), { code: 'E1' });
    const known = { name: 'TypeError', code: 'E1', message: 'told', stack: whole.stack };
    const thrown = Object.defineProperty(whole, field, broken);
    expect(describeThrown(thrown)).toEqual(
      Object.fromEntries(
        Object.entries({
          ...known,
          ...(field === 'message' && { message: 'a message that cannot be read' }),
        }).filter(([key]) => key === 'name' || key === 'message' || key !== field),
      ),
    );
  });

  test('a name that is none', () => {
    expect(describeThrown(Object.assign(new RangeError('far'), { name: {} })).name).toBe('RangeError');
    expect(describeThrown(Object.assign(new Error('far'), { name: {}, constructor: 7 })).name).toBe('Error');
    const message = Object.create(null);
    expect(describeThrown(Object.assign(new RangeError('far'), { message }))).toMatchObject({
      name: 'RangeError',
    });
  });
  test('a value that is not even to be asked', () => {
    expect(describeThrown(new Proxy({}, { getPrototypeOf: broken.get }))).toEqual({
      message: 'thrown: a value that cannot be read',
    });
  });
});
