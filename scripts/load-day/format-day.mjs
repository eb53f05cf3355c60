/** How long after an event its seconds are looked at, in milliseconds, unless something else happens before. */
const aftermathMs = 10_000;

/**
 * What happened when, and what people met around it; then who used the processors.
 *
 * @param {Pick<import('./run-day.mjs').Day, 'events' | 'seconds' | 'processors'> & { report: { requestsPerSecond: number } }} day
 */
export function formatDay({ events, seconds, processors, report }) {
  const rows = events.map(({ what, atMs, tookMs, detail, failure }, at) => {
    const endMs = Math.min(atMs + Math.max(tookMs, aftermathMs), events[at + 1]?.atMs ?? Infinity);
    const before = seconds.filter(({ elapsedMs }) => elapsedMs > atMs - 5_000 && elapsedMs <= atMs);
    const after = seconds.filter(({ elapsedMs }) => elapsedMs > atMs && elapsedMs <= endMs + 1_000);
    return [
      `${(atMs / 1_000).toFixed(0)} s`,
      what,
      `${(tookMs / 1_000).toFixed(1)} s`,
      `${worstMs(before)} ms`,
      `${worstMs(after)} ms`,
      String((after.at(-1)?.errors ?? 0) - (before.at(-1)?.errors ?? 0)),
      failure ? `FAILED: ${failure}` : (detail ?? ''),
    ];
  });
  const heads = ['at', 'what happened', 'took', 'p95 before', 'p95 after', 'errors', ''];
  const shares = Object.entries(processors).map(([name, share]) => `${name} ${share.toFixed(2)}`);
  const applicationMs = ((processors['the application'] ?? 0) * 1_000) / report.requestsPerSecond;
  return [
    ...table([heads, ...rows]),
    '',
    'p95: of the worst second, in the 5 s before, and until it is over and at least 10 s have gone by.',
    ...(shares.length > 0
      ? [
          `processors in use: ${shares.join(', ')}; ${applicationMs.toFixed(1)} ms of the application for a request`,
        ]
      : []),
  ].join('\n');
}

/** @param {readonly { p95Ms: number }[]} seconds */
function worstMs(seconds) {
  return Math.round(Math.max(0, ...seconds.map(({ p95Ms }) => p95Ms)));
}

/** @param {readonly (readonly string[])[]} rows */
function table(rows) {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
