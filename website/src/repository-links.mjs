import { existsSync, statSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import { linkTo } from './addresses.mjs';
import { pages } from './pages.mjs';
import { host, root } from './repository.mjs';

/**
 * Where a link of a Markdown file leads on the site: to the page of another file, to the file itself on the repository's
 * host, or nowhere where no host is known.
 *
 * @param {string} file that has the link, from the root of the repository
 * @param {string} href as it is written there
 * @returns {string | undefined} unchanged when it is no path of the repository
 * @throws {Error} when there is no such file
 */
export function resolveLink(file, href) {
  if (/^([a-z][a-z0-9+.-]*:|#|\/)/i.test(href)) return href;
  const [path = '', anchor] = href.split('#');
  const target = posix.join(posix.dirname(file), decodeURI(path)).replace(/\/$/, '');
  const hash = anchor === undefined ? '' : `#${anchor}`;
  const page = pages.get(target) ?? pages.get(posix.join(target, 'README.md'));
  if (page !== undefined) return linkTo(page) + hash;
  if (!existsSync(join(root, target))) throw new Error(`${file} links to ${href}, which does not exist`);
  if (host === undefined) return undefined;
  const kind = statSync(join(root, target)).isDirectory() ? 'tree' : 'blob';
  return `${host}/${kind}/main/${target}${hash}`;
}

/**
 * Resolves the links of every page before VitePress looks at them.
 *
 * @param {import('markdown-it').default} md
 */
export function repositoryLinks(md) {
  md.core.ruler.push('repository-links', ({ tokens, env }) => {
    // A title of its own, which has no links.
    if (env.path === undefined) return;
    // VitePress calls a page by where it is shown, and only the search by where it stands.
    const file = relative(root, env.realPath ?? env.path).replaceAll(sep, '/');
    for (const { children } of tokens) if (children) resolveAll(children, file);
  });
}

/**
 * @param {import('markdown-it/lib/token.mjs').default[]} tokens
 * @param {string} file from the root of the repository
 */
function resolveAll(tokens, file) {
  let isNowhere = false;
  for (const token of tokens) {
    if (token.type === 'link_close' && isNowhere) {
      token.tag = 'span';
      isNowhere = false;
    }
    if (token.type !== 'link_open') continue;
    const href = resolveLink(file, String(token.attrGet('href')));
    if (href !== undefined) {
      token.attrSet('href', href);
      continue;
    }
    // Named, since the reader may have the repository.
    token.tag = 'span';
    token.type = 'named_open';
    token.attrs = [
      ['class', 'source'],
      ['title', 'In the repository'],
    ];
    isNowhere = true;
  }
}
