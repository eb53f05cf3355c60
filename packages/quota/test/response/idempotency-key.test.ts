import { expect, test } from '@jest/globals';
import { QuotaError } from '../../src/errors';
import { idempotencyKey } from '../../src/response/idempotency-key';

test.each([
  ['a', 'a'],
  ['"a"', 'a'],
  ['"say \\"a\\""', undefined],
  ['k'.repeat(255), 'k'.repeat(255)],
  [`"${'k'.repeat(255)}"`, 'k'.repeat(255)],
  ['', undefined],
  ['""', undefined],
  ['"a', undefined],
  ['a b', undefined],
  ['a\u0000', undefined],
  ['a\n', undefined],
  ['ä', undefined],
  ['k'.repeat(256), undefined],
  ['k'.repeat(10_000), undefined],
])('reads %j as %j', (header, key) => {
  if (key !== undefined) return expect(idempotencyKey('POST', header)).toBe(key);
  let thrown: unknown;
  try {
    idempotencyKey('PATCH', header);
  } catch (error) {
    thrown = error;
  }
  expect(QuotaError.isInstance(thrown)).toBe(true);
  expect(thrown).toMatchObject({ code: 'UNITE_QUOTA_KEY_INVALID', status: 400 });
  expect((thrown as QuotaError).problem.detail).toBe(
    'Idempotency-Key must have 1 to 255 visible ASCII characters.',
  );
});

test('is absent without the header, and for methods that may be repeated', () => {
  expect(idempotencyKey('POST', undefined)).toBeUndefined();
  for (const method of ['GET', 'HEAD', 'PUT', 'DELETE']) expect(idempotencyKey(method, '')).toBeUndefined();
});
