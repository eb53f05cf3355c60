import { Writable } from 'node:stream';
import { expect, jest, test } from '@jest/globals';
import { type ReactNode, Suspense } from 'react';
import { renderToPipeableStream, renderToString } from 'react-dom/server';
import { type CacheKey, CacheProvider, createCacheClient, useCache, useCacheClient } from '../../src/react';
import { hashKey } from '../../src/react/hash-key';

let requests: string[] = [];

function Value({ at, suspense = false }: { at: CacheKey | null; suspense?: boolean }) {
  const fetcher = async (key: CacheKey) => {
    requests.push(hashKey(key));
    return `fetched ${hashKey(key)}`;
  };
  const { data, isLoading } = useCache<CacheKey, string>(at, fetcher, { suspense });
  return isLoading ? 'loading' : (data ?? 'nothing');
}

/** All HTML of a stream, and the errors that React reports. */
function stream(ui: ReactNode): Promise<{ html: string; errors: unknown[] }> {
  requests = [];
  return new Promise((resolve) => {
    const errors: unknown[] = [];
    let html = '';
    const sink = new Writable({
      write(chunk, _, done) {
        html += chunk;
        done();
      },
      final(done) {
        resolve({ html, errors });
        done();
      },
    });
    const { pipe } = renderToPipeableStream(ui, {
      onAllReady: () => pipe(sink),
      onError: (error) => {
        errors.push(error);
      },
    });
  });
}

test('renders the loading state, fetches nothing and stores nothing', () => {
  requests = [];
  expect(renderToString(<Value at="a" />)).toBe('loading');
  expect(renderToString(<Value at={null} />)).toBe('nothing');
  expect(requests).toEqual([]);
  expect(Reflect.get(globalThis, Symbol.for('unite.cache.client.1'))).toBeUndefined();
});

test('renders what the provider was given, also through another provider', () => {
  const screen = (
    <CacheProvider
      fallback={[
        [['a', 1], 'first'],
        ['b', 'of b'],
      ]}
    >
      <CacheProvider fallback={[['b', 'other b']]}>
        <Value at={['a', 1]} /> <Value at="b" suspense /> <Value at="c" />
      </CacheProvider>
    </CacheProvider>
  );
  expect(renderToString(screen).replaceAll('<!-- -->', '')).toBe('first other b loading');
});

test('suspends inside of a provider, and streams the value', async () => {
  const screen = (
    <CacheProvider>
      <Suspense fallback="waiting">
        <Value at="a" suspense />
        <Value at="a" suspense />
      </Suspense>
    </CacheProvider>
  );
  const { html, errors } = await stream(screen);
  expect(html).toContain('fetched &quot;a&quot;');
  expect(errors).toEqual([]);
  expect(requests).toEqual(['"a"']);
  // The next request shares nothing with it.
  await stream(screen);
  expect(requests).toEqual(['"a"']);
});

test('says what it needs where it suspends without a provider, and leaves the value to the browser', async () => {
  const { html, errors } = await stream(
    <Suspense fallback="waiting">
      <Value at="a" suspense />
    </Suspense>,
  );
  expect(errors).toEqual([new Error('useCache: suspense on a server needs a CacheProvider')]);
  expect(html).toContain('waiting');
  expect(requests).toEqual([]);
});

test('each render without a provider has a client of its own', () => {
  const clients = new Set<unknown>();
  function Seen() {
    clients.add(useCacheClient());
    return null;
  }
  renderToString(<Seen />);
  renderToString(<Seen />);
  renderToString(
    <CacheProvider>
      <Seen />
    </CacheProvider>,
  );
  expect(clients.size).toBe(3);
});

test('a provider takes the client that it is given, of any copy of the module, and no other object', () => {
  const client = createCacheClient();
  const seen: unknown[] = [];
  function Seen() {
    seen.push(useCacheClient());
    return null;
  }
  renderToString(
    <CacheProvider client={client}>
      <CacheProvider>
        <Seen />
      </CacheProvider>
    </CacheProvider>,
  );
  expect(seen).toEqual([client]);
  jest.isolateModules(() => {
    const copy: typeof import('../../src/react') = require('../../src/react');
    expect(copy.createCacheClient).not.toBe(createCacheClient);
    renderToString(<CacheProvider client={copy.createCacheClient()}>{<Value at="a" />}</CacheProvider>);
  });
  expect(() => renderToString(<CacheProvider client={{} as never} />)).toThrow(
    new TypeError('CacheProvider: option "client" must be of createCacheClient, got an object'),
  );
  expect(() => renderToString(<CacheProvider fallback={[['', 1]]} />)).toThrow('cache: key must be');
});
