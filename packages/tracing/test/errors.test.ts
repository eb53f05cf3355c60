import { expect, it } from '@jest/globals';
import { TracingError } from '../src/errors';

it('is known by its code, also across copies of the module', () => {
  const cause = new Error('refused');
  const error = new TracingError('UNITE_TRACING_EXPORT_TIMEOUT', 'too late', { cause });
  expect(error).toMatchObject({ name: 'TracingError', code: 'UNITE_TRACING_EXPORT_TIMEOUT', cause });
  expect(TracingError.isInstance(error)).toBe(true);
  expect(TracingError.isInstance(Object.create({ [Symbol.for('unite.tracing.error')]: true }))).toBe(true);
  expect([undefined, null, 'text', cause].some((value) => TracingError.isInstance(value))).toBe(false);
});
