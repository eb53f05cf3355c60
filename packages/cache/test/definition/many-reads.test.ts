import { describe, expect, it } from '@jest/globals';
import { createContext, runWithContext } from '@unite/core/context';
import { createCache } from '../../src/create-cache';

describe('many reads of one request', () => {
  it('are no leak of listeners', async () => {
    const warnings: Error[] = [];
    const note = (warning: Error): unknown => warnings.push(warning);
    process.on('warning', note);
    const cache = createCache({ namespace: 't' });
    const rows = cache.define('rows', { key: (id: number) => [id], scope: 'global', load: async (id) => id });
    const { signal } = new AbortController();
    const ids = Array.from({ length: 50 }, (_, id) => id);
    await runWithContext(createContext({ signal, deadlineAtMs: Date.now() + 60_000 }), () =>
      rows.getMany(ids),
    );
    await new Promise((resolve) => setImmediate(resolve));
    process.off('warning', note);
    expect(warnings).toEqual([]);
  });
});
