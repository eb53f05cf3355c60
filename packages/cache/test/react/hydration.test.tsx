/**
 * @jest-environment jsdom
 * @jest-environment-options {"customExportConditions": ["node"]}
 */
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { act, type ReactNode, StrictMode, Suspense } from 'react';
import { hydrateRoot, type Root } from 'react-dom/client';
import { renderToString } from 'react-dom/server';
import { type CacheClient, CacheProvider, createCacheClient, useCache } from '../../src/react';
import { fakeServer } from './support/fake-server';
import { manualClock, settle } from './support/manual-clock';

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });

let root: Root | undefined;
let complaints: unknown[];
beforeEach(() => {
  complaints = [];
  jest.spyOn(console, 'error').mockImplementation((...said) => void complaints.push(said));
});
afterEach(async () => {
  await act(async () => root?.unmount());
  jest.restoreAllMocks();
});

type Fallback = readonly (readonly [key: string, data: string])[];

const fallback: Fallback = [['a', 'of the server']];

function setUp() {
  const server = fakeServer();
  const seen: unknown[] = [];
  function Value({ suspense = false }: { suspense?: boolean }) {
    const { data, isLoading } = useCache<string, string>('a', server.fetcher, { suspense });
    seen.push(data);
    return <p>{isLoading ? 'loading' : data}</p>;
  }
  return { Value, server, seen, client: createCacheClient({ clock: manualClock() }) };
}

async function hydrate(client: CacheClient, ui: ReactNode, given = fallback) {
  const screen = (as: CacheClient) => (
    <StrictMode>
      <CacheProvider client={as} fallback={given}>
        {ui}
      </CacheProvider>
    </StrictMode>
  );
  const container = document.createElement('div');
  container.innerHTML = renderToString(screen(createCacheClient()));
  const before = container.firstElementChild;
  const html = container.textContent;
  await act(async () => {
    root = hydrateRoot(container, screen(client), { onRecoverableError: (error) => complaints.push(error) });
    await settle();
  });
  // The element of the server is still the one that is shown.
  expect(container.firstElementChild).toBe(before);
  return { container, html };
}

test('shows what the server has rendered, then what is newer', async () => {
  const { Value, server, client, seen } = setUp();
  const { container, html } = await hydrate(client, <Value />);
  expect(html).toBe('of the server');
  expect(new Set(seen)).toEqual(new Set(['of the server']));
  expect(server.calls).toHaveLength(1);
  await act(() => server.call(0).answer('newer'));
  expect(container.textContent).toBe('newer');
  expect(complaints).toEqual([]);
});

test('a mutation that fails is taken back to what the server has rendered', async () => {
  const { Value, client } = setUp();
  const { container } = await hydrate(client, <Value />);
  const fails = () => Promise.reject(new Error('no'));
  const optimistic = (data: string | undefined) => `${data}, changed`;
  let through: Promise<unknown> | undefined;
  act(() => {
    through = client.mutate<string>('a', fails, { optimistic });
    through.catch(() => undefined);
  });
  expect(container.textContent).toBe('of the server, changed');
  await act(settle);
  await expect(through).rejects.toThrow('no');
  expect(container.textContent).toBe('of the server');
});

test.each([
  ['loading', []],
  ['of the server', fallback],
])('agrees with the server on %p, though the browser knows a newer value', async (rendered, given) => {
  const { Value, client, seen } = setUp();
  await client.mutate('a', 'newer');
  seen.length = 0;
  const { container, html } = await hydrate(client, <Value />, given);
  expect(html).toBe(rendered);
  expect(container.textContent).toBe('newer');
  expect(complaints).toEqual([]);
});

test('hydrates with suspense, from what the server was given', async () => {
  const { Value, client, server } = setUp();
  const { container } = await hydrate(
    client,
    <Suspense fallback="waiting">
      <Value suspense />
    </Suspense>,
  );
  expect(container.textContent).toBe('of the server');
  await act(() => server.call(0).answer('newer'));
  expect(container.textContent).toBe('newer');
  expect(complaints).toEqual([]);
});

test('hydrates with suspense, from what the browser fetches itself', async () => {
  const { Value, client, server, seen } = setUp();
  const value = <Value suspense />;
  const container = document.createElement('div');
  const screen = (given: Fallback) => (
    <CacheProvider client={client} fallback={given}>
      <Suspense fallback="waiting">{value}</Suspense>
    </CacheProvider>
  );
  container.innerHTML = renderToString(screen(fallback));
  await act(async () => {
    root = hydrateRoot(container, screen([]), { onRecoverableError: (error) => complaints.push(error) });
    await settle();
  });
  // The HTML of the server stays until there is a value to hydrate it with.
  expect(container.textContent).toBe('of the server');
  await act(() => server.call(0).answer('of the server'));
  expect(seen.at(-1)).toBe('of the server');
  expect(server.calls).toHaveLength(1);
  expect(complaints).toEqual([]);
});
