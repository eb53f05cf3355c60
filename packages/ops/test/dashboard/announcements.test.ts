import { beforeEach, describe, expect, test } from '@jest/globals';
import { announceChanges } from '../../src/dashboard/client/live/announce-changes';
import { createStore } from '../../src/dashboard/client/store';
import { fullScreens, header } from '../support/dashboard/full-pages';

describe('what is read aloud', () => {
  let nowMs: number;
  let work: (() => void)[];

  const start = () => {
    const store = createStore({
      first: { header, screen: 'now', data: fullScreens.now },
      address: { screen: 'now' },
      fetchPage: async () => ({ kind: 'failed' }),
      now: () => nowMs,
      onRefused: () => {},
    });
    const said = announceChanges(store, { now: () => nowMs, after: (_delayMs, later) => work.push(later) });
    return { store, ...said };
  };

  beforeEach(() => {
    nowMs = 0;
    work = [];
  });

  test('is what changes, at most once in ten seconds, and of several the last', () => {
    const { store, sentence } = start();
    store.verdicts.value = new Map([
      ['cache', 'ok'],
      ['database', 'ok'],
    ]);
    expect(sentence.value).toBe('Database is healthy again.');
    nowMs = 3_000;
    store.verdicts.value = new Map([
      ['cache', 'warn'],
      ['database', 'ok'],
    ]);
    store.verdicts.value = new Map([
      ['cache', 'none'],
      ['database', 'ok'],
    ]);
    expect(sentence.value).toBe('Database is healthy again.');
    expect(work).toHaveLength(1);
    nowMs = 10_000;
    work[0]?.();
    expect(sentence.value).toBe('Cache has no data.');
  });

  test('is an alert for what is down, and for nothing else', () => {
    const { store, sentence, alarm } = start();
    store.verdicts.value = new Map([['database', 'down']]);
    expect([alarm.value, sentence.value]).toEqual(['Database is down.', '']);
    store.verdicts.value = new Map([['database', 'ok']]);
    expect([alarm.value, sentence.value]).toEqual(['', 'Database is healthy again.']);
  });

  test('is that the connection was lost, and that it is back', () => {
    const { store, sentence } = start();
    store.stream.value = 'live';
    store.stream.value = 'lost';
    expect(sentence.value).toBe('The connection is lost.');
    nowMs = 20_000;
    store.stream.value = 'connecting';
    store.stream.value = 'live';
    expect(sentence.value).toBe('The connection is back.');
  });
});
