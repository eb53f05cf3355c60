import { type Address, addressOf, dataPathOf } from './address';
import { fetchPage } from './live/fetch-page';
import type { Store } from './store';
import { focusMain } from './ui/focus-main';

/** Follows links within the dashboard without loading a page; whatever fails is left to the browser. */
export function interceptLinks(store: Store, base: string): void {
  let asked = 0;

  document.addEventListener('click', (event) => {
    const url = urlOf(event);
    const address = url && addressOf(url.pathname, base);
    if (!address) return;
    event.preventDefault();
    void follow(address, url, true);
  });
  addEventListener('popstate', () => {
    const url = new URL(location.href);
    const address = addressOf(url.pathname, base);
    if (address) void follow(address, url, false);
  });

  async function follow(address: Address, url: URL, isNew: boolean): Promise<void> {
    const turn = ++asked;
    const answer = await fetchPage(dataPathOf(address, base));
    // Another link was followed meanwhile.
    if (turn !== asked) return;
    if (answer.kind !== 'page') return location.assign(url);
    if (isNew) history.pushState(null, '', url);
    store.query.value = url.search;
    store.enter(address, answer.page);
    if (!isNew) return;
    scrollTo(0, 0);
    focusMain();
  }
}

/** Of a plain click on a link that opens here, on this origin. */
function urlOf(event: MouseEvent): URL | undefined {
  const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  if (!isPlain || event.defaultPrevented || !link || link.target || link.origin !== location.origin) return;
  const url = new URL(link.href);
  // The skip link.
  return url.hash ? undefined : url;
}
