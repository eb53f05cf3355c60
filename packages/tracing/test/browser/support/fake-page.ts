import { jest } from '@jest/globals';
import type { BrowserReport } from '../../../src/browser/report-types';

const pageTrace = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };

/** What a page looks like at its start. */
export interface FakePageOptions {
  /** Where the document tells its trace. */
  readonly tells?: 'server-timing' | 'meta' | 'nothing' | undefined;
  readonly readyState?: 'loading' | 'complete' | undefined;
  /** Performance entries that this browser observes. */
  readonly observes?: readonly string[] | undefined;
  readonly beacon?: 'taken' | 'refused' | 'missing' | undefined;
}

interface Observer {
  readonly type: string;
  readonly pending: object[];
  readonly seen: (list: { getEntries(): object[] }) => void;
  isOn: boolean;
}

/** The globals of a browser, as far as the browser part needs them, over timers that a test moves. */
export function fakePage({
  tells = 'server-timing',
  readyState = 'loading',
  observes = ['paint', 'largest-contentful-paint', 'layout-shift', 'event', 'first-input'],
  beacon = 'taken',
}: FakePageOptions = {}) {
  jest.useFakeTimers({ now: 1_800_000_000_000 });
  const traceparent = `00-${pageTrace.traceId}-${pageTrace.spanId}-01`;
  const reports: BrowserReport[] = [];
  const observers: Observer[] = [];
  const sending: Promise<void>[] = [];
  const target = new EventTarget();
  const page = new EventTarget();
  let visibilityState = 'visible';
  const navigation = {
    loadEventEnd: readyState === 'complete' ? 120 : 0,
    responseStart: 12.5,
    serverTiming:
      tells === 'server-timing'
        ? [
            { name: 'db', description: '' },
            { name: 'traceparent', description: traceparent },
          ]
        : [],
  };
  const fetchFake = jest.fn<typeof fetch>();

  class FakeObserver {
    readonly #seen: Observer['seen'];
    #observer: Observer | undefined;
    constructor(seen: Observer['seen']) {
      this.#seen = seen;
    }
    observe({ type }: { type: string }): void {
      if (!observes.includes(type)) throw new TypeError(`${type} is not supported`);
      this.#observer = { type, pending: [], seen: this.#seen, isOn: true };
      observers.push(this.#observer);
    }
    takeRecords(): object[] {
      return this.#observer?.pending.splice(0) ?? [];
    }
    disconnect(): void {
      if (this.#observer) this.#observer.isOn = false;
    }
  }

  const globals = {
    window: { fetch: fetchFake } as unknown as Window & typeof globalThis,
    location: { origin: 'https://crm.example', pathname: '/contacts' },
    document: {
      readyState,
      baseURI: 'https://crm.example/contacts?page=2',
      get visibilityState() {
        return visibilityState;
      },
      querySelector: () => (tells === 'meta' ? { content: traceparent } : null),
      addEventListener: page.addEventListener.bind(page),
      removeEventListener: page.removeEventListener.bind(page),
    },
    navigator: {
      sendBeacon:
        beacon === 'missing'
          ? undefined
          : (_url: string, body: Blob) => {
              if (beacon === 'taken') sending.push(note(body));
              return beacon === 'taken';
            },
    },
    performance: {
      timeOrigin: 1_799_999_999_000,
      now: () => Date.now() - 1_799_999_999_000,
      getEntriesByType: () => [navigation],
    },
    PerformanceObserver: FakeObserver,
    addEventListener: target.addEventListener.bind(target),
    removeEventListener: target.removeEventListener.bind(target),
  };
  const before = Object.keys(globals).map(
    (name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const,
  );
  for (const [name, value] of Object.entries(globals)) {
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }

  return {
    trace: pageTrace,
    window: globals.window,
    fetch: fetchFake,
    /** What was sent so far. */
    async reports(): Promise<BrowserReport[]> {
      await Promise.all(sending);
      return reports;
    },
    load() {
      navigation.loadEventEnd = 120;
      target.dispatchEvent(new Event('load'));
    },
    setVisible(isVisible: boolean) {
      visibilityState = isVisible ? 'visible' : 'hidden';
      page.dispatchEvent(new Event('visibilitychange'));
    },
    /** Measures something; `later` leaves it for `takeRecords`. */
    measure(type: string, entry: object, later = false) {
      for (const observer of observers.filter((one) => one.type === type && one.isOn)) {
        if (later) observer.pending.push(entry);
        else observer.seen({ getEntries: () => [entry] });
      }
    },
    observing: () => observers.filter(({ isOn }) => isOn).length,
    /** Notes what a fetch sends in place of a beacon. */
    noteFetch: (init: RequestInit | undefined) => sending.push(note(init?.body as Blob)),
    leave() {
      jest.useRealTimers();
      for (const [name, descriptor] of before) {
        if (descriptor) Object.defineProperty(globalThis, name, descriptor);
        else delete (globalThis as Record<string, unknown>)[name];
      }
    },
  };

  async function note(body: Blob): Promise<void> {
    if (body.type !== 'application/json') throw new Error(`a report of type ${body.type}`);
    reports.push(JSON.parse(await body.text()));
  }
}

export type FakePage = ReturnType<typeof fakePage>;
