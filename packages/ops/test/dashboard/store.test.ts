import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Address } from '../../src/dashboard/client/address';
import type { PageAnswer } from '../../src/dashboard/client/live/fetch-page';
import type { ScreenPage } from '../../src/dashboard/client/pages';
import { createStore, type Store } from '../../src/dashboard/client/store';
import type { StreamFrame } from '../../src/dashboard/screen-types';
import {
  fullScreens,
  header,
  recordedAtMs,
  rowAt,
  secondAt,
  tracePage,
} from '../support/dashboard/full-pages';

const requests: ScreenPage = { header, screen: 'requests', data: fullScreens.requests };
const cache: ScreenPage = { header, screen: 'cache', data: fullScreens.cache };
const now: ScreenPage = { header, screen: 'now', data: fullScreens.now };

function frameOf(change: Partial<StreamFrame> = {}): StreamFrame {
  return {
    atMs: recordedAtMs + 1_000,
    pulse: { ...secondAt(299), atMs: recordedAtMs + 1_000 },
    requests: [],
    skipped: 0,
    total: 48_210,
    versions: {},
    verdicts: [],
    ...change,
  };
}

describe('what the pages know', () => {
  let answer: PageAnswer;
  let asked: Address[];
  let nowMs: number;
  let refused: number;

  const storeOf = (first: ScreenPage | typeof tracePage, address: Address) =>
    createStore({
      first,
      address,
      fetchPage: async (wanted) => {
        asked.push(wanted);
        return answer;
      },
      now: () => nowMs,
      onRefused: () => refused++,
    });
  const rowIds = ({ shown: { value } }: Store) =>
    'screen' in value && value.screen === 'requests' ? value.data.rows.slice(0, 2).map(({ id }) => id) : [];
  const settled = () => new Promise((resolve) => setImmediate(resolve));

  beforeEach(() => {
    answer = { kind: 'failed' };
    asked = [];
    nowMs = 0;
    refused = 0;
  });

  test('gets new requests in front, each once, and no more than are kept', () => {
    const store = storeOf(requests, { screen: 'requests' });
    store.receive(frameOf({ requests: [rowAt(48_211), rowAt(48_210)], total: 48_211 }));
    store.receive(frameOf({ requests: [] }));
    expect(rowIds(store)).toEqual([48_211, 48_210]);
    expect(store.shown.value).toMatchObject({ header: { atMs: recordedAtMs + 1_000 } });
    expect(
      'data' in store.shown.value && 'rows' in store.shown.value.data && store.shown.value.data.rows,
    ).toHaveLength(500);
  });

  test('gets a second more of the pulse, and forgets the oldest', () => {
    const store = storeOf(now, { screen: 'now' });
    store.receive(frameOf({ verdicts: [{ screen: 'cache', verdict: 'down', sentence: 'It is down.' }] }));
    const { value } = store.shown;
    const pulse = 'screen' in value && value.screen === 'now' ? value.data.pulse : [];
    expect(pulse).toHaveLength(300);
    expect(pulse.at(-1)).toMatchObject({ atMs: recordedAtMs + 1_000 });
    expect(store.verdicts.value.get('cache')).toBe('down');
  });

  test('stands still while it is paused, and counts what arrives', () => {
    const store = storeOf(requests, { screen: 'requests' });
    store.togglePause();
    store.receive(frameOf({ requests: [rowAt(48_211)], total: 48_211 }));
    expect(rowIds(store)).toEqual([48_210, 48_209]);
    expect(store.arrivals.value).toBe(1);
    store.showArrivals();
    expect(rowIds(store)).toEqual([48_211, 48_210]);
    expect([store.arrivals.value, store.isHeld.value]).toEqual([undefined, true]);
    store.hold(false);
    expect(store.isHeld.value).toBe(true);
    store.togglePause();
    expect(store.isHeld.value).toBe(false);
  });

  test('asks again for what is looked at once it has something new, at most once in two seconds', async () => {
    const store = storeOf(cache, { screen: 'cache' });
    store.hold(true);
    answer = { kind: 'page', page: { ...cache, data: { ...cache.data, reads: 7 } } };
    store.receive(frameOf({ versions: { cache: 1 } }));
    nowMs = 1_999;
    store.receive(frameOf({ versions: { cache: 2 } }));
    expect(asked).toEqual([]);
    nowMs = 2_000;
    store.receive(frameOf({ versions: { cache: 2 } }));
    expect(asked).toEqual([{ screen: 'cache' }]);
    await settled();
    expect(store.arrivals.value).toBe(true);
    store.showArrivals();
    expect(store.shown.value).toMatchObject({ data: { reads: 7 } });
    nowMs = 9_000;
    store.receive(frameOf({ versions: { cache: 2 } }));
    expect(asked).toHaveLength(1);
  });

  test('asks for requests every ten seconds, but soon when a burst did not fit into the frames', () => {
    const store = storeOf(requests, { screen: 'requests' });
    store.receive(frameOf({ versions: { requests: 1 } }));
    nowMs = 2_000;
    store.receive(frameOf({ versions: { requests: 2 } }));
    expect(asked).toHaveLength(0);
    store.receive(frameOf({ versions: { requests: 3 }, skipped: 9 }));
    expect(asked).toHaveLength(1);
  });

  test('tells when a viewer is refused', async () => {
    const store = storeOf(cache, { screen: 'cache' });
    answer = { kind: 'refused' };
    expect(await store.refetch()).toBe('refused');
    expect(refused).toBe(1);
  });

  test('drops an answer for a screen that was left meanwhile, and asks once at a time', async () => {
    const store = storeOf(cache, { screen: 'cache' });
    answer = { kind: 'page', page: cache };
    const late = store.refetch();
    expect(await store.refetch()).toBe('failed');
    store.enter({ screen: 'now' }, now);
    await late;
    expect(store.shown.value).toBe(now);
  });

  test('stays paused on the next screen', () => {
    const store = storeOf(cache, { screen: 'cache' });
    store.togglePause();
    store.enter({ screen: 'requests' }, requests);
    store.receive(frameOf({ requests: [rowAt(48_211)], total: 48_211 }));
    expect(rowIds(store)).toEqual([48_210, 48_209]);
  });

  test('leaves a trace as it is', () => {
    const store = storeOf(tracePage, { screen: 'trace', traceId: '1' });
    store.togglePause();
    store.showArrivals();
    store.receive(frameOf({ versions: { traces: 1 } }));
    expect(store.arrivals.value).toBeUndefined();
    expect(store.shown.value).toMatchObject({ trace: { spans: 8 } });
    expect(asked).toEqual([]);
  });

  test('shows nothing to be shown while nothing is held', () => {
    const store = storeOf(requests, { screen: 'requests' });
    store.showArrivals();
    expect(store.isHeld.value).toBe(false);
  });
});
