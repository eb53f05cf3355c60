import { describe, expect, it } from '@jest/globals';
import { OpsError } from '../src';

describe('an OpsError', () => {
  it('has a code, a digest that survives, and a cause', () => {
    const cause = new Error('why');
    const error = new OpsError('UNITE_OPS_START_FAILED', 'onStart failed', { cause });
    expect(error).toMatchObject({
      name: 'OpsError',
      code: 'UNITE_OPS_START_FAILED',
      digest: 'unite;UNITE_OPS_START_FAILED;500',
      status: 500,
      cause,
    });
    expect(error.headers).toBeUndefined();
    expect('cause' in new OpsError('UNITE_OPS_DRAINING', 'ends')).toBe(false);
  });

  it.each([
    [undefined, '2'],
    [900, '1'],
    [10, '1'],
    [1_400, '1'],
    [2_600, '3'],
  ])('tells a client to wait: %p ms is %s s', (retryAfterMs, seconds) => {
    const { headers, status } = new OpsError('UNITE_OPS_OVERLOADED', 'late', { retryAfterMs });
    expect([status, headers]).toEqual([503, { 'Retry-After': seconds }]);
    const error = new OpsError('UNITE_OPS_OVERLOADED', 'late', { retryAfterMs });
    expect(Reflect.get(error, Symbol.for('unite.problem'))).toEqual({
      type: 'about:blank',
      status: 503,
      title: 'Service Unavailable',
      headers: { 'Retry-After': seconds },
    });
  });

  it('is known across copies of the module, and nothing else is', () => {
    const copy = Object.defineProperty(new Error(), Symbol.for('unite.ops.error'), { value: true });
    expect(OpsError.isInstance(new OpsError('UNITE_OPS_DRAINING', 'ends'))).toBe(true);
    expect(OpsError.isInstance(copy)).toBe(true);
    for (const other of [undefined, null, 'UNITE_OPS_DRAINING', new Error(), {}])
      expect(OpsError.isInstance(other)).toBe(false);
  });
});
