import { quotaStoreChecks } from './quota-store-checks';
import type {
  CheckQuotaStoreOptions,
  OpenQuotaStore,
  QuotaStoreCheck,
  QuotaStoreReport,
  QuotaStoreResult,
} from './types';

/**
 * Runs the checks against a store, one after the other: at once where its clock can be moved, else some seconds. Never
 * rejects for a store that is wrong; the report says how.
 *
 * @throws TypeError when `only` names a check that does not exist
 * @example
 * const report = await checkQuotaStore(() => ({ store: myStore(client) }));
 * assert.deepEqual(report.failures, []);
 */
export async function checkQuotaStore(
  open: OpenQuotaStore,
  { only, timeoutMs = 30_000, onProgress }: CheckQuotaStoreOptions = {},
): Promise<QuotaStoreReport> {
  const names = quotaStoreChecks.map(({ name }) => name);
  const unknown = only?.filter((name) => !names.includes(name)) ?? [];
  if (unknown.length > 0) {
    throw new TypeError(`only: no such check: ${unknown.join(', ')}; there are ${names.join(', ')}`);
  }
  const results: QuotaStoreResult[] = [];
  for (const check of quotaStoreChecks) {
    if (!(only?.includes(check.name) ?? true)) continue;
    onProgress?.(check.name);
    results.push(await play(check, open, timeoutMs));
  }
  const failed = results.filter(({ holds }) => !holds);
  return { results, failures: failed.map(({ name, summary, seen }) => `${name}: ${summary} But ${seen}`) };
}

async function play(
  { name, summary, run }: QuotaStoreCheck,
  open: OpenQuotaStore,
  timeoutMs: number,
): Promise<QuotaStoreResult> {
  const startMs = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`it did not end within ${timeoutMs} ms`), timeoutMs);
  });
  const seen = await Promise.race([faultOf(() => run(open)), late]);
  clearTimeout(timer);
  const tookMs = Math.round(performance.now() - startMs);
  return { name, summary, holds: seen === undefined, ...(seen !== undefined && { seen }), tookMs };
}

async function faultOf(call: () => Promise<void>): Promise<string | undefined> {
  try {
    await call();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
