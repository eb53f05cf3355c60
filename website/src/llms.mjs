import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { linkTo } from './addresses.mjs';
import { pages } from './pages.mjs';
import { root } from './repository.mjs';
import { resolveLink } from './repository-links.mjs';

/**
 * Writes the site for those who read text: each page as Markdown beside its HTML, `llms.txt` that lists them in the groups
 * of the sidebar, and `llms-full.txt` with the text of them all.
 *
 * @param {{ outDir: string, base: string, title: string, description: string, groups: readonly Group[] }} site
 * @see https://llmstxt.org
 */
export function writeLlms({ outDir, base, title, description, groups }) {
  const fileOf = new Map([...pages].map(([file, page]) => [linkTo(page), { file, page }]));
  const listed = groups.map(({ text, items = [] }) => ({
    text,
    links: [...new Set(items.flatMap(linksOf))],
  }));
  const sections = listed.map(({ text, links }) => {
    const lines = links.map((link) => {
      const { file, page } = /** @type {{ file: string, page: string }} */ (fileOf.get(link));
      const markdown = readFileSync(join(root, file), 'utf8');
      return `- [${titleOf(markdown)}](${base}${page})${summaryOf(markdown)}`;
    });
    return `## ${text}\n\n${lines.join('\n')}\n`;
  });
  const full = listed
    .flatMap(({ links }) => links)
    .map((link) => {
      const { file, page } = /** @type {{ file: string, page: string }} */ (fileOf.get(link));
      const markdown = withSiteLinks(file, readFileSync(join(root, file), 'utf8'), base);
      mkdirSync(dirname(join(outDir, page)), { recursive: true });
      writeFileSync(join(outDir, page), markdown);
      return `<!-- ${base}${page} -->\n\n${markdown.trim()}\n`;
    });
  const head = `# ${title}\n\n> ${description}\n`;
  writeFileSync(join(outDir, 'llms.txt'), [head, ...sections].join('\n'));
  writeFileSync(join(outDir, 'llms-full.txt'), [head, ...full].join('\n'));
}

/** @param {Group} entry @returns {string[]} */
function linksOf({ link, items = [] }) {
  return [...(link === undefined ? [] : [link]), ...items.flatMap(linksOf)];
}

/** @param {string} markdown */
function titleOf(markdown) {
  return (markdown.match(/^# (.+)$/m)?.[1] ?? '').replaceAll('`', '');
}

/** The first sentence below the title, where it is plain text. @param {string} markdown */
function summaryOf(markdown) {
  const paragraph = markdown.match(/^# .+\n\n([^\n#`|<!-][\s\S]*?)(?:\n\n|$)/m)?.[1];
  if (paragraph === undefined) return '';
  const text = paragraph.replaceAll('\n', ' ').replace(/\[([^\]]*)\]\([^)]*\)/g, '$1');
  return `: ${text.match(/^.*?[.:](?= |$)/)?.[0].slice(0, -1) ?? text}`;
}

/** With links that lead to the text of other pages. @param {string} file @param {string} markdown @param {string} base */
function withSiteLinks(file, markdown, base) {
  return markdown.replace(/\]\((?<href>[^)\s]+)\)/g, (whole, href) => {
    if (!/^\.{1,2}\//.test(href)) return whole;
    const link = resolveLink(file, href);
    if (link === undefined) return whole;
    const [path = '', hash] = link.split('#');
    const page = [...pages.values()].find((each) => linkTo(each) === path);
    return page === undefined ? `](${link})` : `](${base}${page}${hash === undefined ? '' : `#${hash}`})`;
  });
}

/** @typedef {{ text: string, link?: string, items?: readonly Group[] }} Group */
