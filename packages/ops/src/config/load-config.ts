import { relative } from 'node:path';
import { checkOptions, optionChecks, systemClock } from '@unite/shared';
import { errorLine } from '../describe-error';
import { OpsError } from '../errors';
import { timerMs } from '../verify/timer-ms';
import { checkConfig } from './check-config';
import type { LoadConfigOptions, LoadedConfig, UniteConfigFunction } from './config-types';
import { findConfig, namedConfig } from './find-config';
import { importConfig } from './import-config';

/**
 * Finds, loads and checks the configuration: `unite.config.{ts,mts,js,mjs,cjs}` in `cwd` or in a folder above it, up
 * to the one with `.git`. TypeScript needs no build; `paths` of the nearest `tsconfig.json` hold. A file is evaluated
 * once in a process.
 *
 * @throws OpsError `UNITE_OPS_CONFIG_NOT_FOUND`; `UNITE_OPS_CONFIG_INVALID` with the file's own error as cause
 * @example
 * const { config, file } = await loadConfig({ cwd: process.cwd() });
 */
export async function loadConfig(options: LoadConfigOptions): Promise<LoadedConfig> {
  checkOptions(
    'loadConfig',
    options,
    { cwd: optionChecks.string, file: optionChecks.string, timeoutMs: timerMs, signal: optionChecks.object },
    ['cwd'],
  );
  const { cwd, timeoutMs = 30_000, signal } = options;
  const file = options.file === undefined ? findConfig(cwd) : namedConfig(cwd, options.file);
  // As one would name it from there.
  const shown = relative(cwd, file);
  try {
    const config = await within(timeoutMs, signal, evaluate(file));
    checkConfig(shown, config);
    return { file, config };
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new OpsError('UNITE_OPS_CONFIG_INVALID', explain(shown, file, error), { cause: error });
  }
}

async function evaluate(file: string): Promise<unknown> {
  const exported = await importConfig(file);
  return typeof exported === 'function' ? await (exported as UniteConfigFunction)() : exported;
}

async function within<Value>(
  timeoutMs: number,
  signal: AbortSignal | undefined,
  value: Promise<Value>,
): Promise<Value> {
  const ended = new AbortController();
  const stop = () => ended.abort(signal?.reason);
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted) stop();
  const limit = systemClock.sleep(timeoutMs, ended.signal).then(() => {
    throw new Error(`did not end within ${timeoutMs.toLocaleString('en')} ms`);
  });
  try {
    return await Promise.race([value, limit]);
  } finally {
    signal?.removeEventListener('abort', stop);
    limit.catch(() => {});
    ended.abort();
  }
}

/** The file, and what is wrong in one line. */
function explain(shown: string, file: string, error: unknown): string {
  const { requireStack } = Object(error) as { requireStack?: unknown };
  const [firstLine = '', secondLine = ''] = errorLine(error)
    .split('\n')
    .map((line) => line.trim());
  const said = firstLine.replace(/^(ParseError: |defineConfig: )/, '');
  if (said.startsWith(shown)) return said;
  // The compiler says on the second line where it stopped, from the file system's root.
  const position = /^(.+):(\d+):(\d+)$/.exec(secondLine);
  if (position) {
    const [, place = '', line, column] = position;
    return `${shown}: ${said} at ${place === file ? '' : `${place}:`}${line}:${Number(column) + 1}`;
  }
  const [importer] = Array.isArray(requireStack) ? requireStack : [];
  return `${shown}: ${said}${typeof importer === 'string' && importer !== file ? `, which ${importer} imports` : ''}`;
}
