import type { Store } from '../store';
import type { LiveStream } from './live-stream';

/** One stream for each tab that is looked at: none while it is hidden, and a fresh page once it is seen again. */
export function watchVisibility(stream: LiveStream, store: Store): void {
  const follow = () => {
    if (document.visibilityState === 'hidden') return stream.hide();
    if (store.stream.value === 'hidden') void store.refetch();
    stream.show();
  };
  document.addEventListener('visibilitychange', follow);
  // A page that the browser keeps for going back must not keep its connection.
  addEventListener('pagehide', () => stream.hide());
  addEventListener('pageshow', (event) => {
    if (event.persisted) follow();
  });
  follow();
}
