/**
 * Watches what the pages link to. VitePress refuses a page that links to no page; this refuses an anchor that no page has,
 * also one of the reference and the sidebar.
 *
 * @param {string} base what the site's addresses begin with
 */
export function createLinkCheck(base) {
  /** @type {Map<string, Set<string>>} */
  const anchors = new Map();
  /** @type {{ from: string, to: string }[]} */
  const links = [];

  return {
    /** @param {string} html @param {string} page such as `ops/health.md` */
    note(html, page) {
      const address = addressOfPage(page);
      anchors.set(address, new Set([...html.matchAll(/\sid="([^"]+)"/g)].map(([, id = '']) => decode(id))));
      for (const [, href = ''] of html.matchAll(/<a\s[^>]*?href="([^"]+)"/g)) {
        if (/^([a-z][a-z0-9+.-]*:|\/\/)/i.test(href)) continue;
        links.push({ from: address, to: decode(href) });
      }
    },
    /** @throws {Error} that names every link that leads nowhere */
    end() {
      const broken = links
        .filter(({ from, to }) => !leadsSomewhere(from, to))
        .map(({ from, to }) => `${from} → ${to}`);
      if (broken.length > 0) throw new Error(`Dead links:\n${[...new Set(broken)].join('\n')}`);
    },
  };

  /** @param {string} from @param {string} to */
  function leadsSomewhere(from, to) {
    const { pathname, hash } = new URL(to, `http://site${from}`);
    if (/\.(txt|svg|png|md)$/.test(pathname)) return true;
    const ids = anchors.get(decodeURI(pathname).replace(/\.html$/, ''));
    return ids !== undefined && (hash === '' || ids.has(decodeURIComponent(hash.slice(1))));
  }

  /** @param {string} page */
  function addressOfPage(page) {
    return `${base}${page.replace(/(^|\/)index\.md$/, '$1').replace(/\.md$/, '')}`;
  }
}

/** @param {string} text of an attribute */
function decode(text) {
  return text
    .replaceAll('&amp;', '&')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>');
}
