import type { RemoteLayer } from '../../remote-types';
import { inSeconds } from '../hazards/in-seconds';
import { settleWithin } from '../hazards/settle-within';
import { remoteLayerChecks } from './remote-layer-checks';
import type {
  CheckRemoteLayerOptions,
  RemoteLayerCheck,
  RemoteLayerReport,
  RemoteLayerResult,
} from './types';

/**
 * Runs the checks against a remote layer, one after the other: some seconds in all. Never rejects for a layer that is
 * wrong; the report says how.
 *
 * @param open makes a layer: each call stands for another process, and all lead to the same store
 * @throws TypeError when `only` names a check that does not exist
 * @example
 * const report = await checkRemoteLayer(() => myLayer(client));
 * assert.deepEqual(report.failures, []);
 */
export async function checkRemoteLayer(
  open: () => RemoteLayer,
  { only, timeoutMs = 30_000, onProgress }: CheckRemoteLayerOptions = {},
): Promise<RemoteLayerReport> {
  const names = remoteLayerChecks.map(({ name }) => name);
  const unknown = only?.filter((name) => !names.includes(name)) ?? [];
  if (unknown.length > 0) {
    throw new TypeError(`only: no such check: ${unknown.join(', ')}; there are ${names.join(', ')}`);
  }
  const results: RemoteLayerResult[] = [];
  for (const check of remoteLayerChecks) {
    if (!(only?.includes(check.name) ?? true)) continue;
    onProgress?.(check.name);
    results.push(await play(check, open, timeoutMs));
  }
  const failed = results.filter(({ holds }) => !holds);
  return { results, failures: failed.map(({ name, summary, seen }) => `${name}: ${summary} But ${seen}`) };
}

async function play(
  { name, summary, run }: RemoteLayerCheck,
  open: () => RemoteLayer,
  timeoutMs: number,
): Promise<RemoteLayerResult> {
  const end = await settleWithin(() => run(open), timeoutMs);
  const { tookMs } = end;
  if (end.state === 'answered') return { name, summary, holds: true, tookMs };
  const seen =
    end.state === 'waiting'
      ? `it did not end within ${inSeconds(timeoutMs)}`
      : end.error instanceof Error
        ? end.error.message
        : String(end.error);
  return { name, summary, holds: false, seen, tookMs };
}
