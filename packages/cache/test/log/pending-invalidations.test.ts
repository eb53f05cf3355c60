import { describe, expect, it, jest } from '@jest/globals';
import { PendingInvalidations } from '../../src/log/pending-invalidations';

describe('PendingInvalidations', () => {
  it('counts what waits and what is under way', async () => {
    const pending = new PendingInvalidations();
    pending.add(['ta', 'tb'], 'token');
    let written: unknown;
    const second = jest.fn(async () => undefined);
    const flushed = pending.flush(async (...args) => {
      written = args;
      pending.add(['tc']);
      expect(pending.has(['ta'])).toBe(true);
      expect(pending.has(['tc'])).toBe(true);
      expect(pending.has(['td'])).toBe(false);
      expect([pending.tokenOf(['ta']), pending.tokenOf(['td'])]).toEqual(['token', undefined]);
      // One at a time.
      await pending.flush(second);
    });
    await flushed;
    expect(second).not.toHaveBeenCalled();
    expect(written).toEqual([['ta', 'tb'], 'token']);
    expect(pending.size).toBe(1);
    expect(pending.has(['ta'])).toBe(false);
  });

  it('takes back what could not be written', async () => {
    const pending = new PendingInvalidations();
    pending.add(['ta'], 'token');
    await expect(pending.flush(() => Promise.reject(new Error('down')))).rejects.toThrow('down');
    let token: string | undefined;
    await pending.flush(async (_, given) => {
      token = given;
    });
    expect(token).toBe('token');
    expect(pending.size).toBe(0);
    await pending.flush(() => Promise.reject(new Error('nothing to write')));
  });

  it('takes a pattern, and too many names, for everything', () => {
    const pending = new PendingInvalidations();
    pending.add(['pcontacts:*']);
    expect(pending.has(['kx'])).toBe(true);
    const many = new PendingInvalidations();
    many.add(Array.from({ length: 10_001 }, (_, at) => `t${at}`));
    expect(many.size).toBe(1);
    expect(many.has(['tnever-named'])).toBe(true);
  });
});
