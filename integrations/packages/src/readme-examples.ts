import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { fileNameOf } from './packed';
import { publishedPackages } from './published-packages';

/** A piece of a readme that a reader may copy and run. */
export interface ReadmeExample {
  /** The package that promises it. */
  readonly owner: string;
  /** Name of its file, without ending. */
  readonly name: string;
  readonly code: string;
  /** What its readme says that it prints. */
  readonly expected: ExpectedOutput;
}

/**
 * As `text`, all of it, where `…` stands for any text on one line, such as a random id. As `json`, the object
 * that it prints, in whatever notation and after whatever else.
 */
export interface ExpectedOutput {
  readonly language: 'text' | 'json';
  readonly content: string;
}

/** Every runnable example of every published package. */
export const readmeExamples: readonly ReadmeExample[] = publishedPackages.flatMap(({ name, directory }) => {
  const readme = join(directory, 'README.md');
  return existsSync(readme) ? examplesOf(name, readFileSync(readme, 'utf8')) : [];
});

/** An example is a `ts` fence whose next fence is `text` or `json`: the code, and what it prints. */
export function examplesOf(owner: string, markdown: string): ReadmeExample[] {
  const fences = [...markdown.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(
    ([, language = '', content = '']) => ({
      language,
      content,
    }),
  );
  return fences.flatMap((fence, index) => {
    const next = fences[index + 1];
    if (fence.language !== 'ts' || (next?.language !== 'text' && next?.language !== 'json')) return [];
    const expected: ExpectedOutput = { language: next.language, content: next.content.trim() };
    return [{ owner, name: `${fileNameOf(owner)}-${index}`, code: fence.content, expected }];
  });
}

/** What an example printed and what it should have, for a comparison with {@link expectedOutput}. */
export function printedOutput({ language }: ExpectedOutput, output: string): unknown {
  if (language === 'text') return output;
  const start = output.indexOf('{');
  // Node prints objects as object literals, of which JSON is a part.
  return start === -1 ? output : JSON.parse(JSON.stringify(runInNewContext(`(${output.slice(start)})`)));
}

/** The value, or the pattern, that the printed output is to match. */
export function expectedOutput({ language, content }: ExpectedOutput): unknown {
  if (language === 'json') return JSON.parse(content);
  const parts = content.split('…').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`);
}
