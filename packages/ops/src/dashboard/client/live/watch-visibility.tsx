import type { Store } from '../store';
import type { LiveStream } from './live-stream';

/** One stream for each tab that is looked at: none while it is hidden, and a fresh page once it is seen again. */
export function watchVisibility(stream: LiveStream, store: Store): void {
  let isSeen = true;
  const leave = () => {
    isSeen = false;
    stream.hide();
  };
  const follow = () => {
    if (document.visibilityState === 'hidden') return leave();
    if (!isSeen && store.stream.value !== 'refused') void store.refetch();
    isSeen = true;
    stream.show();
  };
  document.addEventListener('visibilitychange', follow);
  // A page that the browser keeps for going back must not keep its connection.
  addEventListener('pagehide', leave);
  addEventListener('pageshow', (event) => {
    if (event.persisted) follow();
  });
  follow();
}
