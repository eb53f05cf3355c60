import type { KeyCheck, KeyCheckResult, OpenSubject, RunKeyChecksOptions } from './testing-types';

/**
 * Runs a suite, one check after the other, for whoever has no test runner. Never rejects for what is wrong; the
 * results say how.
 *
 * @example
 * const results = await runKeyChecks(keyStoreSuite, () => ({ store: myStore(client) }));
 * assert.deepEqual(results.filter(({ holds }) => !holds), []);
 */
export async function runKeyChecks<Subject>(
  suite: readonly KeyCheck<Subject>[],
  open: OpenSubject<Subject>,
  { timeoutMs = 30_000 }: RunKeyChecksOptions = {},
): Promise<readonly KeyCheckResult[]> {
  const results: KeyCheckResult[] = [];
  for (const { name, summary, run } of suite) {
    const seen = await faultOf(run(open), timeoutMs);
    results.push({ name, summary, holds: seen === undefined, ...(seen !== undefined && { seen }) });
  }
  return results;
}

async function faultOf(run: Promise<void>, timeoutMs: number): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`it did not end within ${timeoutMs} ms`), timeoutMs);
  });
  const fault = run.then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  const seen = await Promise.race([fault, late]);
  clearTimeout(timer);
  return seen;
}
