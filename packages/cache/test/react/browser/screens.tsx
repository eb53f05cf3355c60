import {
  StrictMode,
  Suspense,
  startTransition,
  useEffect,
  useLayoutEffect,
  useReducer,
  useState,
} from 'react';
import { createRoot } from 'react-dom/client';
import { type CacheOptions, useCache, useCacheClient } from '../../../src/react';

/** What the tests look at in a browser, one screen a name. */
const screens = {
  value: () => <Value />,
  ten: () => Array.from({ length: 10 }, (_, index) => <Value key={String(index)} />),
  heedless: () => <Value heedless />,
  impatient: () => <Value staleMs={0} />,
  interval: () => <Value refreshEveryMs={50} />,
  list: List,
  suspense: () => (
    <Suspense fallback={<output>waiting</output>}>
      <Value suspense />
      <Value suspense />
    </Suspense>
  ),
  tearing: () => <Crowd useWord={useCachedWord} />,
  torn: () => <Crowd useWord={useNaiveWord} />,
};

function App() {
  const [shown, setShown] = useState(true);
  const Screen = screens[new URLSearchParams(location.search).get('screen') as keyof typeof screens];
  return (
    <>
      <button type="button" onClick={() => setShown(!shown)}>
        toggle
      </button>
      {shown && <Screen />}
    </>
  );
}

async function read(path: string, init: RequestInit): Promise<string> {
  const response = await fetch(path, { ...init, cache: 'no-store' });
  if (!response.ok) throw new Error(`status ${response.status}`);
  return response.text();
}

function Value({ heedless = false, ...options }: { heedless?: boolean } & CacheOptions) {
  const { data, error, mutate, revalidate } = useCache(
    '/api/value',
    (path, { signal }) => read(path, heedless ? {} : { signal }),
    { retryDelayMs: 100_000, maxRetryDelayMs: 100_000, ...options },
  );
  return (
    <>
      <output>{data ?? (error instanceof Error ? 'failed' : 'loading')}</output>
      <button type="button" onClick={() => revalidate()}>
        revalidate
      </button>
      <button type="button" onClick={() => mutate('mutated', { revalidate: false })}>
        mutate
      </button>
    </>
  );
}

function List() {
  const { data, mutate } = useCache('/api/list', (path, { signal }) => read(path, { signal }), {
    revalidateOnFocus: false,
  });
  const add = (item: string) =>
    mutate(() => read(`/api/add/${item}`, { method: 'POST' }), {
      optimistic: (list = '') => `${list} ${item}`,
      revalidate: false,
    }).catch(() => undefined);
  return (
    <>
      <output>{data ?? 'loading'}</output>
      <button type="button" onClick={() => add('a')}>
        add a
      </button>
      <button type="button" onClick={() => add('b')}>
        add b
      </button>
    </>
  );
}

/** Many components that take long to render, and a value that changes while they do. */
function Crowd({ useWord }: { useWord: () => readonly [string, (word: string) => void] }) {
  const [round, nextRound] = useReducer((count: number) => count + 1, 0);
  const [, setWord] = useWord();
  const begin = () => {
    startTransition(nextRound);
    setTimeout(() => setWord('after'), 60);
  };
  return (
    <>
      <button type="button" onClick={begin}>
        begin
      </button>
      {Array.from({ length: 40 }, (_, index) => (
        <Slow key={String(index)} round={round} useWord={useWord} />
      ))}
      <output data-round={round} />
    </>
  );
}

function Slow({
  round,
  useWord,
}: {
  round: number;
  useWord: () => readonly [string, (word: string) => void];
}) {
  const [word] = useWord();
  const until = performance.now() + 4;
  while (performance.now() < until);
  useLayoutEffect(() => {
    const words = new Set([...document.querySelectorAll('b')].map(({ textContent }) => textContent));
    document.body.dataset.words = [...words].sort().join();
    if (words.size > 1) document.body.dataset.torn = [...words].sort().join();
  });
  return <b data-round={round}>{word}</b>;
}

function useCachedWord() {
  const client = useCacheClient();
  const { data = 'before' } = useCache('word', () => 'before', { staleMs: Number.POSITIVE_INFINITY });
  return [data, (word: string) => void client.mutate('word', word, { revalidate: false })] as const;
}

let naiveWord = 'before';
const listeners = new Set<() => void>();

/** How not to do it: reads a variable while it renders. */
function useNaiveWord() {
  const [, render] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    listeners.add(render);
    return () => void listeners.delete(render);
  }, []);
  const setWord = (word: string) => {
    naiveWord = word;
    for (const listener of listeners) listener();
  };
  return [naiveWord, setWord] as const;
}

const strict = new URLSearchParams(location.search).has('strict');
createRoot(document.getElementById('root') as HTMLElement).render(
  strict ? (
    <StrictMode>
      <App />
    </StrictMode>
  ) : (
    <App />
  ),
);
