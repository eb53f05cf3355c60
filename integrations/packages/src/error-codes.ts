import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PublishedPackage } from './published-packages';

/** A line of the catalogue of codes. */
export interface CataloguedCode {
  /** The package in whose section it stands. */
  readonly owner: string;
  readonly code: string;
  /** What the page says of its status: a number, `–` where it reaches no request, `undefined` for a warning. */
  readonly status: string | undefined;
}

/** Variables of the environment, which look like codes. */
const settings: readonly string[] = [
  'UNITE_KEYS',
  'UNITE_TRACING_KEEP_SLOWER_THAN_MS',
  'UNITE_TRACING_TRUST_PARENT',
];

/** The codes of a catalogue in Markdown, with a section for each package. */
export function cataloguedCodes(markdown: string): CataloguedCode[] {
  return markdown.split(/^## /m).flatMap((section) => {
    const owner = section.slice(0, section.indexOf('\n')).trim();
    const lines = section.matchAll(/^\| `(?<code>UNITE_[A-Z_…]+)` *\| (?:(?<status>\d{3}|–) *\| )?/gm);
    return [...lines].map(({ groups }) => ({ owner, code: groups?.code ?? '', status: groups?.status }));
  });
}

/**
 * The codes that a package's sources write, as they stand between quotes. Where one is put together, its beginning, which
 * ends with `_`.
 */
export function writtenCodes({ directory }: PublishedPackage): string[] {
  const folder = join(directory, 'src');
  const texts = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => readFileSync(join(folder, file), 'utf8'));
  const codes = texts.flatMap((text) =>
    [...text.matchAll(/['`](UNITE_[A-Z_]+)/g)].map(([, code = '']) => code),
  );
  return [...new Set(codes)].filter((code) => !settings.includes(code)).sort();
}
