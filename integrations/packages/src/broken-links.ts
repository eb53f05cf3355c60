import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { repository } from './repository';

/** Links of a Markdown file of the repository to files, and to headings, that are not there. */
export function brokenLinks(document: string): string[] {
  const text = withoutCode(readFileSync(join(repository, document), 'utf8'));
  return [...text.matchAll(/\]\((?<path>\.[^)#]*|(?=#))(?:#(?<anchor>[^)]*))?\)/g)].flatMap(({ groups }) => {
    const { path = '', anchor } = groups ?? {};
    const target = path === '' ? document : join(dirname(document), path);
    return isThere(target, anchor) ? [] : [anchor === undefined ? path : `${path}#${anchor}`];
  });
}

function isThere(target: string, anchor: string | undefined): boolean {
  const file = join(repository, target);
  if (!existsSync(file)) return false;
  if (anchor === undefined) return true;
  return statSync(file).isFile() && anchorsOf(readFileSync(file, 'utf8')).has(anchor);
}

/** The anchors of headings, as GitHub makes them. */
export function anchorsOf(markdown: string): ReadonlySet<string> {
  const seen = new Map<string, number>();
  const headings = withoutCode(markdown).matchAll(/^#{1,6} +(?<title>.+?)(?: #*)?$/gm);
  return new Set(
    [...headings].map(({ groups }) => {
      const anchor = anchorOf(groups?.title ?? '');
      const count = seen.get(anchor) ?? 0;
      seen.set(anchor, count + 1);
      return count === 0 ? anchor : `${anchor}-${count}`;
    }),
  );
}

function anchorOf(title: string): string {
  const words = title.replace(/\[(?<text>[^\]]*)\]\([^)]*\)/g, '$<text>').toLowerCase();
  return words.replace(/[^\p{L}\p{N}_ -]/gu, '').replaceAll(' ', '-');
}

function withoutCode(markdown: string): string {
  return markdown.replace(/^```.*?^```/gms, '');
}
