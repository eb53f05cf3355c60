import assert from 'node:assert/strict';
import { CacheProvider, createCacheClient, useCache } from '@unite/cache/react';
import { JSDOM } from 'jsdom';

const { window } = new JSDOM('<div id="root"></div>');
Object.assign(globalThis, {
  window,
  navigator: window.navigator,
  document: window.document,
  IS_REACT_ACT_ENVIRONMENT: false,
});
const { createRoot } = await import('react-dom/client');
const { renderToString } = await import('react-dom/server');

let saved = 'Ada';
let fetches = 0;
function Contact({ id }: { id: number }) {
  const { data, isLoading, mutate } = useCache(['contact', id], async ([, asked]) => {
    fetches += 1;
    return `${saved} ${asked}`;
  });
  const rename = () =>
    mutate(
      () => {
        saved = 'Grace';
      },
      { optimistic: () => 'Grace?' },
    );
  return (
    <button type="button" onClick={() => void rename()}>
      {isLoading ? 'loading' : data}
    </button>
  );
}

const client = createCacheClient();
const shared = (
  <CacheProvider client={client}>
    <Contact id={7} />
    <Contact id={7} />
  </CacheProvider>
);
const container = window.document.querySelector('#root');
assert(container);
const root = createRoot(container);
root.render(shared);
await shows('Ada 7Ada 7');
assert.equal(fetches, 1);
container.querySelector('button')?.dispatchEvent(new window.MouseEvent('click', { bubbles: true }));
await shows('Grace 7Grace 7');
root.unmount();

const html = renderToString(
  <CacheProvider fallback={[[['contact', 7], 'from the server']]}>
    <Contact id={7} />
  </CacheProvider>,
);
assert.match(html, /from the server/);
console.log('one fetch for two components, a mutation, rendering on a server');
process.exit();

/** Resolves when the page's text is that. */
function shows(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`shown: ${container?.textContent}`)), 30_000);
    const look = () => {
      if (container?.textContent !== text) return;
      clearTimeout(timer);
      observer.disconnect();
      resolve();
    };
    const observer = new window.MutationObserver(look);
    observer.observe(container as Element, { childList: true, subtree: true, characterData: true });
    look();
  });
}
