import { sinkChecks } from './sink-checks';
import type { CheckSinkOptions, OpenSink, SinkCheck, SinkCheckReport, SinkCheckResult } from './types';

/**
 * Runs the checks against a sink, one after the other. Never rejects for a sink that is wrong; the report says how.
 *
 * @example
 * const report = await checkSink(() => ({ sink: mySink({ url }) }));
 * assert.deepEqual(report.failures, []);
 */
export async function checkSink(
  open: OpenSink,
  { timeoutMs = 30_000 }: CheckSinkOptions = {},
): Promise<SinkCheckReport> {
  const results: SinkCheckResult[] = [];
  for (const check of sinkChecks) results.push(await play(check, open, timeoutMs));
  const failed = results.filter(({ holds }) => !holds);
  return { results, failures: failed.map(({ name, summary, seen }) => `${name}: ${summary} But ${seen}`) };
}

async function play(
  { name, summary, run }: SinkCheck,
  open: OpenSink,
  timeoutMs: number,
): Promise<SinkCheckResult> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`it did not end within ${timeoutMs} ms`), timeoutMs);
  });
  const seen = await Promise.race([faultOf(() => run(open)), late]);
  clearTimeout(timer);
  return { name, summary, holds: seen === undefined, ...(seen !== undefined && { seen }) };
}

async function faultOf(call: () => Promise<void>): Promise<string | undefined> {
  try {
    await call();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
