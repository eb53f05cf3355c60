import { describe, expect, it } from '@jest/globals';
import { checkReadOptions, checkTransactionOptions } from '../src/check-call-options';

describe('options of readOnly', () => {
  it.each([
    {},
    { consistency: undefined },
    { consistency: 'eventual' },
    { consistency: 'session', after: { systemId: '7', timeline: 1, lsn: 5n } },
    { after: { systemId: '7', timeline: 1, lsn: undefined } },
  ] as const)('%p are taken', (options) => {
    expect(checkReadOptions(options)).toBe(options);
  });

  it.each([
    [
      { consistency: 'quorum' },
      `option "consistency" must be one of 'session', 'eventual', 'strong', got "quorum"`,
    ],
    [{ after: null }, 'option "after" must be a consistency token, got null'],
    [{ after: 'sealed' }, 'option "after" must be a consistency token, got "sealed"'],
    [
      { after: { systemId: 7, timeline: 1, lsn: 5n } },
      'option "after" must be a consistency token, got an object',
    ],
    // Half a token must not pass: a timeline that is none would be taken for the highest.
    [{ after: { systemId: '7' } }, 'option "after" must be a consistency token'],
    [{ after: { systemId: '7', timeline: '1', lsn: 5n } }, 'option "after" must be a consistency token'],
    [{ after: { systemId: '7', timeline: 0, lsn: 5n } }, 'option "after" must be a consistency token'],
    [
      { after: { systemId: '7', timeline: Number.NaN, lsn: 5n } },
      'option "after" must be a consistency token',
    ],
    [{ after: { systemId: '7', timeline: 1, lsn: '0/5' } }, 'option "after" must be a consistency token'],
    [{ consistancy: 'strong' }, 'unknown option "consistancy"; known are consistency, after'],
    [null, 'readOnly: options must be an object, got null'],
  ])('%p are refused', (options, message) => {
    expect(() => checkReadOptions(options as never)).toThrow(TypeError);
    expect(() => checkReadOptions(options as never)).toThrow(message);
  });
});

describe('arguments of transaction', () => {
  const work = () => undefined;

  it('are taken', () => {
    const options = { idempotencyKey: 'k', isolation: 'serializable', maxAttempts: 1, timeoutMs: 5 } as const;
    expect(checkTransactionOptions(work, options)).toBe(options);
    expect(checkTransactionOptions(work, { idempotencyKey: 'k'.repeat(512) })).toBeDefined();
  });

  it.each([
    [
      { idempotencyKey: '' },
      'transaction: option "idempotencyKey" must be a text of 1 to 512 characters, got ""',
    ],
    [{ idempotencyKey: 'k'.repeat(513) }, 'option "idempotencyKey" must be a text of 1 to 512 characters'],
    [{ idempotencyKey: 5 }, 'option "idempotencyKey" must be'],
    [{ isolation: 'serializable; DROP TABLE x' }, `option "isolation" must be one of 'read committed'`],
    [{ maxAttempts: 0 }, 'option "maxAttempts" must be a whole number of at least 1, got 0'],
    [{ maxAttempts: 1.5 }, 'option "maxAttempts" must be a whole number'],
    [{ timeoutMs: -1 }, 'option "timeoutMs" must be a positive number, got -1'],
    [{ retries: 3 }, 'unknown option "retries"'],
  ])('%p are refused', (options, message) => {
    expect(() => checkTransactionOptions(work, options as never)).toThrow(TypeError);
    expect(() => checkTransactionOptions(work, options as never)).toThrow(message);
  });

  it.each([undefined, null, 'BEGIN', {}])('begin with a function, not %p', (notWork) => {
    expect(() => checkTransactionOptions(notWork, {})).toThrow(
      new TypeError('transaction: the first argument must be a function'),
    );
  });
});
