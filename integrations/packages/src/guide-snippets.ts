/** A module made of snippets of a guide. */
export interface GuideModule {
  /** Of the first of its snippets, with the line of its fence: `CACHING_STRATEGY.md-12.ts`. */
  readonly name: string;
  /** The page with everything blank but these snippets, so that the lines of a type error are those of the page. */
  readonly code: string;
}

const fences = /^```(?<language>tsx?)(?: (?<marker>[a-z]+))?\n(?<code>.*?)^```$/gms;
const givens = /^<!-- given\n(?<code>.*?)^-->$/gms;
const markers: readonly unknown[] = [undefined, 'continues', 'fragment', 'before'];

/**
 * The modules of a guide. A `ts` fence begins one; `ts continues` goes on with the one before it. `ts fragment`, a piece
 * that does not stand alone, and `ts before`, code of another library, are not compiled. What a page takes as given is
 * declared in a comment that readers do not see: `<!-- given …  -->`.
 *
 * @param page its file name, for the names of modules
 * @throws Error for a marker that is none, and for a continuation of nothing
 */
export function guideModules(page: string, markdown: string): GuideModule[] {
  const given = [...markdown.matchAll(givens)].map(({ groups }) => groups?.code ?? '').join('');
  const modules: { name: string; code: string }[] = [];
  for (const { index, groups = {} } of markdown.matchAll(fences)) {
    const { language, marker, code = '' } = groups;
    const line = linesIn(markdown.slice(0, index)) + 1;
    if (!markers.includes(marker)) throw new Error(`${page}:${line}: no marker of a snippet: ${marker}`);
    if (marker === 'fragment' || marker === 'before') continue;
    if (marker === undefined) modules.push({ name: `${page}-${line}.${language}`, code: '' });
    const current = modules.at(-1);
    if (!current) throw new Error(`${page}:${line}: continues nothing`);
    current.code += `${'\n'.repeat(line - linesIn(current.code))}${code}`;
  }
  return modules.map(({ name, code }) => ({ name, code: `${code}${given}` }));
}

function linesIn(text: string): number {
  return text.split('\n').length - 1;
}
