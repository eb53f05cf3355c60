import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { classifyError, isServerError, isStalePlan, reasonOf, serverErrorIn } from '../src/classify-error';
import { serverError } from './fake-driver';

describe('an error of the server', () => {
  it.each([
    ['28000', 'denied'],
    ['28P01', 'denied'],
    ['3D000', 'denied'],
    ['25006', 'read-only'],
    ['40001', 'conflict'],
    ['40P01', 'conflict'],
    // What is left is the statement's own fault, near as some codes are to those above.
    ['23505', 'statement'],
    ['42601', 'statement'],
    ['57014', 'statement'],
    ['55000', 'statement'],
    ['40002', 'statement'],
    ['25P02', 'statement'],
    ['25001', 'statement'],
    ['53400', 'statement'],
    ['57000', 'statement'],
    ['3D0000', 'statement'],
    ['x28000', 'statement'],
    ['', 'statement'],
  ] as const)('%s: %s', (code, kind) => {
    expect(classifyError(serverError(code))).toBe(kind);
    // Servers speak many languages; the SQLSTATE is the same in all of them.
    expect(classifyError(serverError(code, 'gesagt', 'FATAL'))).toBe(kind);
    expect(classifyError(serverError(code, 'gesagt', 'SCHWERWIEGEND'))).toBe(kind);
  });

  it.each([
    ['57P03', 'not-sent'],
    ['53300', 'not-sent'],
    ['57P01', 'lost'],
    ['57P02', 'lost'],
    ['57P04', 'lost'],
    ['57P05', 'lost'],
    ['25P03', 'lost'],
    ['25P04', 'lost'],
    ['08000', 'lost'],
    ['08006', 'lost'],
    ['08P01', 'lost'],
  ] as const)('%s, after which the connection is at its end: %s', (code, kind) => {
    expect(classifyError(serverError(code, 'said', 'FATAL'))).toBe(kind);
    expect(classifyError(serverError(code, 'gesagt', 'SCHWERWIEGEND'))).toBe(kind);
    // Raised by a function, or said of a message with too few values: the connection goes on.
    expect(classifyError(serverError(code, 'said', 'ERROR'))).toBe('statement');
    const malformed = Object.assign(serverError(code, 'gesagt', 'FEHLER'), { routine: 'exec_bind_message' });
    expect(classifyError(malformed)).toBe('statement');
  });

  it('is found in what a library wrapped around it', () => {
    const said = serverError('40001');
    const wrapped = new Error('Failed query: UPDATE …', { cause: new Error('of a driver', { cause: said }) });
    expect(serverErrorIn(wrapped)).toBe(said);
    expect(serverErrorIn(said)).toBe(said);
    expect(serverErrorIn(new Error('of the application'))).toBeUndefined();
    expect(serverErrorIn(undefined)).toBeUndefined();
    const circle = new Error('turns');
    circle.cause = circle;
    expect(serverErrorIn(circle)).toBeUndefined();
  });

  it('is told by its severity, not by its code', () => {
    expect(isServerError(serverError('23505'))).toBe(true);
    expect(isServerError(Object.assign(new Error('x'), { code: '23505' }))).toBe(false);
    expect(isServerError(undefined)).toBe(false);
    expect(isServerError(null)).toBe(false);
  });
});

describe('an error of the driver or of a socket', () => {
  it.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOENT'])(
    '%s: nothing was sent',
    (code) => {
      expect(classifyError(Object.assign(new Error(''), { code }))).toBe('not-sent');
      expect(classifyError(Object.assign(new AggregateError([], ''), { code }))).toBe('not-sent');
    },
  );

  it.each([
    'Client has encountered a connection error and is not queryable',
    'Client was closed and is not queryable',
    'timeout exceeded when trying to connect',
    'Connection terminated due to connection timeout',
    'Cannot use a pool after calling end on the pool',
  ])('"%s": nothing was sent', (message) => {
    expect(classifyError(new Error(message))).toBe('not-sent');
    // Only at the start: a statement may well quote it.
    expect(classifyError(new Error(`failed: ${message}`))).toBe('lost');
  });

  it.each([
    "Prepared statements must be unique - 'find' was used for a different statement",
    'A query must have either text or a name. Supplying neither is unsupported.',
    'Query values must be an array',
  ])('"%s": the statement was refused', (message) => {
    expect(classifyError(new Error(message))).toBe('statement');
  });

  it.each([
    'Connection terminated unexpectedly',
    'Query read timeout',
    'Connection terminated',
    'read ECONNRESET',
  ])('"%s": nobody knows', (message) => {
    expect(classifyError(new Error(message))).toBe('lost');
  });

  it.each(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ECONNREFUSED2', '40001', '57P03'])(
    'the code %s without a severity: nobody knows',
    (code) => {
      expect(classifyError(Object.assign(new Error('x'), { code }))).toBe('lost');
    },
  );
});

describe('anything at all', () => {
  const hostile = [
    undefined,
    null,
    0,
    '',
    Symbol('s'),
    () => undefined,
    {},
    { code: 40001 },
    { code: { toString: () => '40001' } },
    { message: Symbol('s') },
    { message: Object.create(null) },
    {
      message: {
        toString: () => {
          throw new Error('gotcha');
        },
      },
    },
    Object.create(null),
    { code: Object.create(null) },
  ];

  it.each(hostile.map((value) => [value]))(
    'says nothing, and so counts as a lost connection (%#)',
    (value) => {
      expect(classifyError(value)).toBe('lost');
      expect(isStalePlan(value)).toBe(false);
      expect(typeof reasonOf(value)).toBe('string');
    },
  );

  it('never makes the classification throw', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(['denied', 'not-sent', 'read-only', 'conflict', 'lost', 'statement']).toContain(
          classifyError(value),
        );
        expect(typeof reasonOf(value)).toBe('string');
      }),
    );
  });

  it('is never taken for something that can be tried again without being one', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (code, message) => {
        const error = Object.assign(new Error(message), { code });
        expect(classifyError(error)).toBe('lost');
      }),
    );
  });
});

describe('a stale plan', () => {
  it('is told from other features that are not supported', () => {
    expect(isStalePlan(serverError('0A000', 'cached plan must not change result type'))).toBe(true);
    expect(isStalePlan(serverError('0A000', 'cannot do that'))).toBe(false);
    expect(isStalePlan(serverError('42601', 'cached plan'))).toBe(false);
  });
});

describe('the reason', () => {
  it.each([
    [new Error('because'), 'because'],
    [Object.assign(new Error(''), { code: 'ECONNREFUSED' }), 'ECONNREFUSED'],
    [new AggregateError([new Error('the first'), new Error('the second')]), 'the first'],
    [Object.assign(new AggregateError([]), { code: 'ENOTFOUND' }), 'ENOTFOUND'],
    ['just a text', 'just a text'],
    [undefined, 'undefined'],
    [new Error(''), 'an error without a message'],
  ])('of %p is %p', (error, reason) => {
    expect(reasonOf(error)).toBe(reason);
  });

  it('of an error that holds itself is found all the same', () => {
    const error = new AggregateError([], 'round and round');
    error.errors.push(error);
    expect(reasonOf(error)).toBe('round and round');
  });
});
