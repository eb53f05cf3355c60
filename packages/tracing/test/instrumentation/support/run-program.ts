import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { Attributes, SpanStatus } from '@opentelemetry/api';
import type { PatchReport } from '../../../src/pipeline-types';
import type { InstrumentationName } from '../../../src/types';

/** A span as the program told it. */
export interface ToldSpan {
  readonly name: string;
  readonly id: string;
  readonly parent: string | undefined;
  readonly trace: string;
  readonly scope: string;
  readonly attributes: Attributes;
  readonly status: SpanStatus;
  readonly events: readonly { readonly name: string; readonly attributes: Attributes }[];
}

export interface ProgramOptions {
  readonly names: readonly InstrumentationName[];
  /** Packages that are required before the instrumentations are made. */
  readonly loadFirst?: readonly string[];
  readonly withHook?: boolean;
  readonly type?: 'module' | 'commonjs';
  readonly env?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

export interface Told {
  readonly spans: readonly ToldSpan[];
  readonly report: readonly PatchReport[];
}

/**
 * Runs a program in a process of its own, because what is under test patches modules while they are loaded, which Jest
 * does in its own way. The program calls `test.tell()` at its end.
 */
export async function runProgram<More = unknown>(
  source: string,
  { type = 'module', env = {}, timeoutMs = 150_000, ...boot }: ProgramOptions,
): Promise<Told & More> {
  const args = [
    '--import',
    pathToFileURL(join(__dirname, 'boot.mjs')).href,
    `--input-type=${type}`,
    '--eval',
    source,
  ];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: join(__dirname, '../../..'),
    env: { ...process.env, ...env, UNITE_TEST_BOOT: JSON.stringify(boot) },
    timeout: timeoutMs,
    maxBuffer: 64_000_000,
  });
  return JSON.parse(stdout);
}

/** The names from the root to each span, by depth: what the tests compare. */
export function treeOf(spans: readonly ToldSpan[]): readonly string[] {
  const below = (parent: string | undefined, depth: number): string[] =>
    spans
      .filter((span) => span.parent === parent)
      .flatMap((span) => [`${'  '.repeat(depth)}${span.name}`, ...below(span.id, depth + 1)]);
  return below(undefined, 0);
}
