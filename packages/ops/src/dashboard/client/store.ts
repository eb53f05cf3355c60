import { computed, signal } from '@preact/signals-core';
import type { ScreenName, StreamFrame, Verdict } from '../screen-types';
import type { Address } from './address';
import { applyFrame } from './live/apply-frame';
import type { PageAnswer } from './live/fetch-page';
import type { StreamState } from './live/live-stream';
import { isScreenPage, type Page } from './pages';

export interface StoreOptions {
  readonly first: Page;
  readonly address: Address;
  readonly fetchPage: (address: Address) => Promise<PageAnswer>;
  readonly now: () => number;
  readonly onRefused: () => void;
}

/** A screen that has something new is asked for again, at most once in this time. */
const refetchMs = 2_000;
/** What these show comes with the frames; the rest of them may be older. */
const framedMs = 10_000;

export type Store = ReturnType<typeof createStore>;

/** All that the pages know. What is looked at is `shown`: the newest, or, while it is held still, what it was then. */
export function createStore({ first, address, fetchPage, now, onRefused }: StoreOptions) {
  const place = signal(address);
  const query = signal('');
  const newest = signal(first);
  const held = signal<Page | undefined>(undefined);
  const isPaused = signal(false);
  const stream = signal<StreamState>('connecting');
  const verdicts = signal(verdictsOf(first));
  const isHeld = computed(() => held.value !== undefined);
  const shown = computed(() => held.value ?? newest.value);
  const arrivals = computed(() => (held.value ? arrivedSince(held.value, newest.value) : undefined));

  let fetchedAtMs = now();
  let isFetching = false;
  let versionSeen: number | undefined;

  function receive(frame: StreamFrame): void {
    newest.value = applyFrame(newest.value, frame);
    verdicts.value = new Map(frame.verdicts.map(({ screen, verdict }) => [screen, verdict]));
    const { screen } = place.value;
    if (screen === 'trace') return;
    const version = frame.versions[screen];
    versionSeen ??= version;
    const isFramed = (screen === 'now' || screen === 'requests') && frame.skipped === 0;
    if (version === versionSeen || now() - fetchedAtMs < (isFramed ? framedMs : refetchMs)) return;
    versionSeen = version;
    void refetch();
  }

  /** Asks for what is looked at again; what comes after somebody has gone elsewhere is dropped. */
  async function refetch(): Promise<PageAnswer['kind']> {
    if (isFetching) return 'failed';
    const asked = place.value;
    isFetching = true;
    fetchedAtMs = now();
    const answer = await fetchPage(asked);
    isFetching = false;
    if (answer.kind === 'refused') onRefused();
    if (answer.kind === 'page' && place.value === asked) newest.value = answer.page;
    return answer.kind;
  }

  /** Shows another page, once it is there. */
  function enter(address: Address, page: Page): void {
    place.value = address;
    newest.value = page;
    held.value = isPaused.value ? page : undefined;
    fetchedAtMs = now();
    versionSeen = undefined;
  }

  /** Holds what is shown still, or lets it go on. */
  function hold(isHeld: boolean): void {
    if (isHeld) held.value ??= newest.value;
    else if (!isPaused.value) held.value = undefined;
  }

  function togglePause(): void {
    isPaused.value = !isPaused.value;
    hold(isPaused.value);
  }

  /** Shows what has come meanwhile, and holds that. */
  function showArrivals(): void {
    if (held.value) held.value = newest.value;
  }

  const actions = { receive, refetch, enter, hold, togglePause, showArrivals };
  return { place, query, shown, arrivals, isHeld, isPaused, stream, verdicts, ...actions };
}

function verdictsOf(page: Page): ReadonlyMap<ScreenName, Verdict> {
  if (!isScreenPage(page) || page.screen !== 'now') return new Map();
  return new Map(page.data.verdicts.map(({ screen, verdict }) => [screen, verdict]));
}

/** How many rows, or `true` where something came that has no number. */
function arrivedSince(before: Page, after: Page): number | true | undefined {
  if (!isScreenPage(before) || !isScreenPage(after)) return undefined;
  if (before.screen === 'requests' && after.screen === 'requests') {
    return after.data.total - before.data.total || undefined;
  }
  return before.data === after.data ? undefined : true;
}
