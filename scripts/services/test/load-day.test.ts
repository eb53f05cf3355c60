import { describe, expect, it } from '@jest/globals';
import { formatDay } from '../../load-day/format-day.mjs';
import { loadDayOptions } from '../../load-day/load-day-options.mjs';

describe('npm run load:day', () => {
  it('takes 1,000 users for two minutes unless it is told otherwise', () => {
    expect(loadDayOptions([])).toEqual({
      apps: ['api', 'crm'],
      users: [1_000],
      durationMs: 120_000,
      isJson: false,
      isBuilt: false,
    });
    expect(loadDayOptions(['--quick', '--app', 'crm', '--json'])).toMatchObject({
      apps: ['crm'],
      users: [100],
      durationMs: 40_000,
      isJson: true,
    });
    expect(loadDayOptions(['--users', '250,500', '--duration', '60'])).toMatchObject({
      users: [250, 500],
      durationMs: 60_000,
    });
  });

  it.each([
    [['--app', 'shop'], '--app must be crm or api, got "shop"'],
    [['--users', '100,many'], '--users must be a whole number from 10 to 20000, got "many"'],
    [['--users', '1e3'], '--users must be a whole number from 10 to 20000, got "1e3"'],
    [['--duration', '5'], '--duration must be a whole number from 30 to 3600, got "5"'],
    [['--fast'], "Unknown option '--fast'"],
  ])('refuses %j, and says what there is', (args, message) => {
    expect(() => loadDayOptions(args)).toThrow(message);
    expect(() => loadDayOptions(args)).toThrow('npm run load:day -- [options]');
  });

  it('shows the seconds around what happened, and their errors', () => {
    const second = (at: number, p95Ms: number, errors: number) => ({
      elapsedMs: at * 1_000,
      users: 10,
      requestsPerSecond: 250,
      p95Ms,
      errors,
    });
    const quiet = Array.from({ length: 40 }, (_, at) => second(at, 20, at > 21 ? 5 : 0));
    const seconds = quiet.map((each) => (each.elapsedMs === 21_000 ? { ...each, p95Ms: 310 } : each));
    const happened = { atMs: 20_000, tookMs: 150, detail: undefined, failure: undefined };
    const text = formatDay({
      events: [
        { ...happened, what: 'Redis is killed' },
        { ...happened, what: 'a new release is deployed', atMs: 32_000, failure: 'rolled back: slow' },
      ],
      seconds,
      processors: { 'the application': 0.5, others: 0.25 },
      report: { requestsPerSecond: 250 },
    });
    const [, redis, release] = text.split('\n');
    expect(redis).toMatch(/^20 s +Redis is killed +0\.1 s +20 ms +310 ms +5$/);
    expect(release).toMatch(
      /^32 s +a new release is deployed +.* 20 ms +20 ms +0 +FAILED: rolled back: slow$/,
    );
    expect(text).toContain('the application 0.50, others 0.25; 2.0 ms of the application for a request');
  });
});
