import { describe, expect, it } from '@jest/globals';
import { checkExporters } from '../../src/check/check-exporters';

const stats = { exporter: 'otlp x', exported: 0, failed: 0, dropped: 0, queued: 0, lastError: undefined };

describe('checkExporters', () => {
  it('warns where there is none', () => {
    expect(checkExporters([], 0)).toMatchObject([
      { code: 'UNITE_TRACING_NO_EXPORTER', status: 'warned', remedy: expect.stringContaining('otlp(') },
    ]);
  });

  it.each([
    [{ exported: 3 }, 'passed', undefined],
    [{ queued: 3 }, 'skipped', /no span was sent so far/],
    [{ failed: 3, lastError: 'ECONNREFUSED' }, 'failed', /because: ECONNREFUSED.*4318\/v1\/traces/],
    [{ exported: 3, failed: 1 }, 'warned', /1 spans were not taken and 0 dropped of 4\b/],
    [{ exported: 3, dropped: 1 }, 'warned', /Lower sampling\.ratio/],
  ])('of %j says %s', (changes, status, text) => {
    const [finding] = checkExporters([{ ...stats, ...changes }], 0);
    expect(finding).toMatchObject({ subject: 'otlp x', status });
    expect(`${finding?.detail} ${finding?.remedy}`).toMatch(text ?? /3 spans were taken/);
  });

  it('warns of an exporter that traces itself', () => {
    expect(checkExporters([{ ...stats, exported: 1 }], 2)).toMatchObject([
      { status: 'passed' },
      {
        code: 'UNITE_TRACING_SELF_TRACED',
        status: 'warned',
        remedy: expect.stringContaining('suppressTracing'),
      },
    ]);
  });
});
