// What a component reads of a signal draws it anew.
import '@preact/signals';
import { render } from 'preact';
import { addressOf, dataPathOf } from './address';
import { App } from './app';
import { announceChanges } from './live/announce-changes';
import { fetchPage } from './live/fetch-page';
import { holdWhileRead } from './live/hold-while-read';
import { LiveStream } from './live/live-stream';
import { watchVisibility } from './live/watch-visibility';
import { interceptLinks } from './navigation';
import { createStore } from './store';

const root = document.getElementById('app');
const snapshot = document.getElementById('snapshot');
if (root && snapshot) start(root, snapshot);

/** Takes over the page that the server has sent, with its first snapshot in it. */
function start(root: HTMLElement, snapshot: HTMLElement): void {
  const base = root.dataset.base ?? '';
  const store = createStore({
    first: JSON.parse(snapshot.textContent ?? ''),
    address: addressOf(location.pathname, base) ?? { screen: 'now' },
    fetchPage: (address) => fetchPage(dataPathOf(address, base)),
    now: () => performance.now(),
    onRefused: () => stream.refuse(),
  });
  store.query.value = location.search;
  const stream = new LiveStream({
    open: () => new EventSource(`${base}/stream`),
    probe: async () => {
      const kind = await store.refetch();
      return kind === 'page' ? 'reached' : kind;
    },
    onFrame: store.receive,
    onState: (state) => {
      store.stream.value = state;
    },
    after,
    random: Math.random,
  });
  const announcements = announceChanges(store, {
    now: () => performance.now(),
    after: (delayMs, work) => void after(delayMs, work),
  });
  render(
    <App dashboard={{ base, store }} announcements={announcements} reconnect={() => stream.show()} />,
    root,
  );
  interceptLinks(store, base);
  holdWhileRead(store);
  watchVisibility(stream, store);
}

function after(delayMs: number, work: () => void): () => void {
  const timer = setTimeout(work, delayMs);
  return () => clearTimeout(timer);
}
