import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileNameOf } from './packed';
import { publishedPackages } from './published-packages';

/** A piece of a readme that a reader may copy and run. */
export interface ReadmeExample {
  /** The package that promises it. */
  readonly owner: string;
  /** Name of its file, without ending. */
  readonly name: string;
  readonly code: string;
  /** What it prints. `…` stands for any text on one line, such as a random id. */
  readonly output: string;
}

/** Every runnable example of every published package. */
export const readmeExamples: readonly ReadmeExample[] = publishedPackages.flatMap(({ name, directory }) => {
  const readme = join(directory, 'README.md');
  return existsSync(readme) ? examplesOf(name, readFileSync(readme, 'utf8')) : [];
});

interface Fence {
  readonly language: string;
  readonly content: string;
}

/** An example is a `ts` fence whose next fence is `text`: the code, and what it prints. */
export function examplesOf(owner: string, markdown: string): ReadmeExample[] {
  const fences: Fence[] = [...markdown.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(
    ([, language = '', content = '']) => ({ language, content }),
  );
  return fences.flatMap(({ language, content }, index) => {
    const next = fences[index + 1];
    if (language !== 'ts' || next?.language !== 'text') return [];
    const name = `${fileNameOf(owner)}-${index}`;
    return [{ owner, name, code: content, output: next.content.trim() }];
  });
}

/** Whether an example printed what its readme says. */
export function outputPattern({ output }: ReadmeExample): RegExp {
  const parts = output.split('…').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`);
}
