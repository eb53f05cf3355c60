import { describe, expect, it } from '@jest/globals';
import { checkInstrumentations } from '../../src/check/check-instrumentations';

describe('checkInstrumentations', () => {
  it('says nothing of what nobody has loaded', () => {
    expect(checkInstrumentations([{ name: 'pg', patched: [], missed: [] }])).toEqual([]);
  });

  it('says what it cannot know', () => {
    const note = 'what it patches is not known';
    expect(checkInstrumentations([{ name: 'own', patched: [], missed: [], note }])).toMatchObject([
      { status: 'skipped', detail: note },
    ]);
  });

  it('passes what is patched', () => {
    expect(checkInstrumentations([{ name: 'pg', patched: ['pg', 'pg-pool'], missed: [] }])).toMatchObject([
      { status: 'passed', detail: 'pg, pg-pool patched' },
    ]);
  });

  it.each([
    ['loaded-before', /pg was loaded before startTracing/, /file of its own/],
    ['no-esm-hook', /ES module/, /--import @unite\/tracing\/register/],
  ] as const)('names what is missed, and the way out: %s', (reason, detail, remedy) => {
    const [finding] = checkInstrumentations([
      { name: 'http-server', patched: [], missed: [{ module: 'pg', reason }] },
    ]);
    expect(finding).toMatchObject({ code: 'UNITE_TRACING_NOT_PATCHED_HTTP_SERVER', status: 'failed' });
    expect(finding?.detail).toMatch(detail);
    expect(finding?.remedy).toMatch(remedy);
  });
});
