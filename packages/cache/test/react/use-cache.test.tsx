/** @jest-environment jsdom */
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { act, Suspense, startTransition, useState } from 'react';
import {
  type CacheKey,
  type CacheOptions,
  CacheProvider,
  type CacheResult,
  createCacheClient,
  useCache,
  useCacheClient,
} from '../../src/react';
import { fakeServer } from './support/fake-server';
import { Boundary, render, unmountAll } from './support/render';

afterEach(unmountAll);

type Result = CacheResult<string>;

/** A component that hands out what the hook returns, and shows its value. */
function probe() {
  const server = fakeServer();
  const results: Result[] = [];
  function Probe({ at, ...options }: { at?: CacheKey | null | undefined } & CacheOptions) {
    const result = useCache(at === undefined ? 'a' : at, server.fetcher, options);
    results.push(result);
    return <p>{result.data ?? 'nothing'}</p>;
  }
  return {
    Probe,
    server,
    results,
    result: () => results.at(-1) as Result,
    answer: (index: number, data: string) => act(() => server.call(index).answer(data)),
  };
}

const states = ({ data, error, isLoading, isValidating, isStale }: Result) => ({
  data,
  error,
  isLoading,
  isValidating,
  isStale,
});

describe('useCache', () => {
  test('loads, then shows, then revalidates in the background', async () => {
    const { Probe, result, answer } = probe();
    await render(<Probe />);
    const idle = { data: undefined, error: undefined, isLoading: true, isValidating: true, isStale: false };
    expect(states(result())).toEqual(idle);
    await answer(0, 'one');
    expect(states(result())).toEqual({ ...idle, data: 'one', isLoading: false, isValidating: false });
    await act(async () => void result().revalidate());
    expect(states(result())).toEqual({ ...idle, data: 'one', isLoading: false, isStale: true });
    await answer(1, 'two');
    expect(states(result())).toEqual({ ...idle, data: 'two', isLoading: false, isValidating: false });
  });

  test.each([null, undefined])('does nothing for the key %p', async (key) => {
    const { server } = probe();
    let result: Result | undefined;
    function Nothing() {
      result = useCache(key, server.fetcher, { suspense: true } as CacheOptions);
      return null;
    }
    await render(<Nothing />);
    expect(result && states(result)).toEqual({
      data: undefined,
      error: undefined,
      isLoading: false,
      isValidating: false,
      isStale: false,
    });
    await expect(result?.mutate('x')).rejects.toThrow('useCache: mutate needs a key');
    await expect(result?.revalidate()).resolves.toBeUndefined();
    expect(server.calls).toHaveLength(0);
  });

  test('aborts the request when the key changes, and shows nothing of it', async () => {
    const { Probe, server, result, answer } = probe();
    const { show } = await render(<Probe at="a" />);
    await show(<Probe at="b" />);
    expect(server.calls.map(({ key, signal }) => [key, signal.aborted])).toEqual([
      ['a', true],
      ['b', false],
    ]);
    await answer(1, 'of b');
    await answer(0, 'of a');
    expect(result().data).toBe('of b');
    await show(<Probe at={null} />);
    expect(result()).toMatchObject({ data: undefined, isLoading: false });
  });

  test('aborts the request when the last component unmounts', async () => {
    const { Probe, server } = probe();
    const { unmount, clock } = await render([<Probe key="1" />, <Probe key="2" />], {
      refreshEveryMs: 1_000,
    });
    expect(server.calls).toHaveLength(1);
    await unmount();
    expect(server.call(0).signal.aborted).toBe(true);
    expect(clock.sleeping()).toEqual([]);
  });

  test('keeps the value of the previous key where that is wanted', async () => {
    const { Probe, result, answer, server } = probe();
    const { show, client } = await render(<Probe at={['page', 1]} keepPreviousData retries={0} />);
    await answer(0, 'page 1');
    await show(<Probe at={['page', 2]} keepPreviousData retries={0} />);
    expect(result()).toMatchObject({ data: 'page 1', isStale: true, isLoading: true });
    await answer(1, 'page 2');
    expect(result()).toMatchObject({ data: 'page 2', isStale: false, isLoading: false });

    await show(<Probe at={['page', 3]} keepPreviousData retries={0} />);
    await act(() => server.call(2).fail(new Error('no')));
    expect(result()).toMatchObject({ data: undefined, error: new Error('no'), isStale: false });

    await show(<Probe at={['page', 2]} keepPreviousData />);
    await act(async () => client.clear());
    expect(result().data).toBeUndefined();
    await show(<Probe at={['page', 4]} keepPreviousData />);
    expect(result().data).toBeUndefined();
  });

  test('shows nothing of the key of another client', async () => {
    const { Probe, result, answer } = probe();
    const { show } = await render(<Probe at="a" keepPreviousData />);
    await answer(0, 'of one user');
    await show(<Probe at="b" keepPreviousData />, createCacheClient());
    expect(result().data).toBeUndefined();
  });

  test('fetches with the function of the last render', async () => {
    function Counter({ count }: { count: number }) {
      const { data } = useCache('a', () => `fetched by ${count}`);
      return data;
    }
    const { show, client, text } = await render(<Counter count={1} />);
    await show(<Counter count={2} />);
    await act(async () => void client.invalidate());
    expect(text()).toBe('fetched by 2');
  });

  test('heeds an interval that changes, without a request of its own', async () => {
    const { Probe, answer, server } = probe();
    const { show, clock } = await render(<Probe />);
    await answer(0, 'one');
    await show(<Probe refreshEveryMs={5_000} staleMs={0} />);
    expect(clock.sleeping()).toEqual([5_000]);
    await show(<Probe refreshEveryMs={0} />);
    expect(clock.sleeping()).toEqual([]);
    expect(server.calls).toHaveLength(1);
  });

  test('its functions stay the same while the key does', async () => {
    const { Probe, results, result, answer } = probe();
    const { show } = await render(<Probe at={['a', 1]} />);
    await answer(0, 'one');
    await show(<Probe at={['a', 1]} />);
    expect(new Set(results.map(({ mutate }) => mutate)).size).toBe(1);
    expect(new Set(results.map(({ revalidate }) => revalidate)).size).toBe(1);
    const { mutate } = result();
    await show(<Probe at={['a', 2]} />);
    expect(result().mutate).not.toBe(mutate);
  });

  test('mutates for every component with the key', async () => {
    const { Probe, result, answer } = probe();
    const { text } = await render([<Probe key="1" />, <Probe key="2" />]);
    await answer(0, 'one');
    await act(async () => void result().mutate((current) => `${current}!`, { revalidate: false }));
    expect(text()).toBe('one!one!');
  });

  test('sends one request in StrictMode, and aborts none', async () => {
    const { Probe, server, answer } = probe();
    const { text } = await render(<Probe />, {}, true);
    expect(server.calls).toHaveLength(1);
    expect(server.call(0).signal.aborted).toBe(false);
    await answer(0, 'one');
    expect(text()).toBe('one');
  });

  test('without a provider, all of a browser share one client, whatever copy of the module they use', async () => {
    const { Probe, answer } = probe();
    let client: unknown;
    function Outside() {
      client = useCacheClient();
      return null;
    }
    const { createRoot } = await import('react-dom/client');
    const container = document.createElement('div');
    const root = createRoot(container);
    await act(async () =>
      root.render([
        <Probe key="1" />,
        <Outside key="2" />,
        <CacheProvider key="3">{<Probe />}</CacheProvider>,
      ]),
    );
    await answer(0, 'one');
    expect(container.textContent).toBe('oneone');
    expect(client).toBe(Reflect.get(globalThis, Symbol.for('unite.cache.client.1')));
    await act(async () => root.unmount());
  });

  test.each([
    [{ staleMs: -1 }, 'useCache: option "staleMs" must be a number, 0 or more, got -1'],
    [{ refreshEveryMs: Number.NaN }, 'must be a number, 0 or more, got NaN'],
    [{ staleTime: 1 }, 'useCache: unknown option "staleTime"'],
    [{ shouldRetry: true }, 'useCache: option "shouldRetry" must be a function, got true'],
  ])('refuses %p', async (options, message) => {
    jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const { Probe } = probe();
    const { text } = await render(
      <Boundary>
        <Probe {...(options as CacheOptions)} />
      </Boundary>,
    );
    expect(text()).toContain(message);
    jest.restoreAllMocks();
  });

  test('an undefined option counts as absent', async () => {
    const { Probe, answer, server } = probe();
    const { clock, show } = await render(<Probe staleMs={undefined} />, { staleMs: 60_000 });
    await answer(0, 'one');
    await clock.advance(59_000);
    await show([<Probe key="2" staleMs={undefined} />]);
    expect(server.calls).toHaveLength(1);
  });
});

describe('with suspense', () => {
  const fallback = <i>loading</i>;

  test.each([false, true])(
    'suspends until there is a value, with one request (StrictMode: %p)',
    async (strict) => {
      const { Probe, server, answer, result } = probe();
      const { text } = await render(
        <Suspense fallback={fallback}>
          <Probe suspense />
          <Probe suspense />
        </Suspense>,
        {},
        strict,
      );
      expect(text()).toBe('loading');
      await answer(0, 'one');
      expect(text()).toBe('oneone');
      expect(server.calls).toHaveLength(1);
      expect(result().isLoading).toBe(false);
    },
  );

  test('works where the client has less room than the screen needs', async () => {
    const { Probe, server, answer } = probe();
    const client = createCacheClient({ maxEntries: 1 });
    const { text, show } = await render(null);
    await show(
      <Suspense fallback={fallback}>
        <Probe at="a" suspense />
        <Probe at="b" suspense />
        <Probe at="c" suspense />
      </Suspense>,
      client,
    );
    for (let index = 0; index < 3; index++) await answer(index, `${index}`);
    expect(text()).toBe('012');
    expect(server.calls).toHaveLength(3);
  });

  test('keeps the old screen during a transition', async () => {
    const { Probe, answer } = probe();
    let go: (key: string) => void = () => undefined;
    function Screen() {
      const [at, setAt] = useState('a');
      go = setAt;
      return <Probe at={at} suspense />;
    }
    const { text } = await render(<Suspense fallback={fallback}>{<Screen />}</Suspense>);
    await answer(0, 'one');
    await act(async () => startTransition(() => go('b')));
    expect(text()).toBe('one');
    await answer(1, 'two');
    expect(text()).toBe('two');
  });

  describe('that fails', () => {
    beforeEach(() => {
      jest.spyOn(console, 'error').mockImplementation(() => undefined);
    });
    afterEach(() => void jest.restoreAllMocks());

    async function failed(options: CacheOptions = {}) {
      const { Probe, server, answer } = probe();
      function Screen() {
        const client = useCacheClient();
        return (
          <Boundary onReset={() => client.invalidate('a')}>
            <Suspense fallback={fallback}>
              <Probe suspense retries={1} {...options} />
            </Suspense>
          </Boundary>
        );
      }
      const screen = await render(<Screen />);
      await act(() => server.call(0).fail(new Error('first')));
      expect(screen.text()).toBe('loading');
      // Rendering again does not shorten the wait.
      await screen.show(<Screen />);
      expect(screen.clock.sleeping()).toEqual([500]);
      await act(() => screen.clock.advance(500));
      await act(() => server.call(1).fail(new Error('second')));
      expect(screen.text()).toBe('second');
      return { ...screen, Screen, server, answer };
    }

    test('throws to the boundary once the retries are used up, and tries again after a reset', async () => {
      const { container, text, answer } = await failed();
      await act(async () => container.querySelector('button')?.click());
      expect(text()).toBe('loading');
      await answer(2, 'one');
      expect(text()).toBe('one');
    });

    test('tries again by itself when it is shown later', async () => {
      const { Screen, clock, show, text, server } = await failed();
      await show(null);
      await show(<Screen />);
      expect(text()).toBe('second');
      await show(null);
      await clock.advance(1_000);
      await show(<Screen />);
      expect(text()).toBe('loading');
      expect(server.calls).toHaveLength(3);
    });

    test('does not take away a value that is there', async () => {
      const { Probe, server, answer, result } = probe();
      const { text, client } = await render(
        <Suspense fallback={fallback}>
          <Probe suspense retries={0} />
        </Suspense>,
      );
      await answer(0, 'one');
      await act(async () => void client.invalidate());
      await act(() => server.call(1).fail(new Error('no')));
      expect(text()).toBe('one');
      expect(result().error).toEqual(new Error('no'));
    });
  });
});
