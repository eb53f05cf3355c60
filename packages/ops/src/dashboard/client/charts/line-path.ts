/** A point in time and what was measured then; `null` is a gap. */
export interface Point {
  readonly atMs: number;
  readonly value: number | null;
}

/** What a chart shows: from and to when, and up to which value. */
export interface Scale {
  readonly fromMs: number;
  readonly toMs: number;
  readonly top: number;
}

/** Points further apart than this have a gap between them. */
const stepMs = 1_500;

/** A path in a square of 100 by 100, its origin above; a point without neighbours is a dot. */
export function linePath(points: readonly Point[], { fromMs, toMs, top }: Scale): string {
  const steps: string[] = [];
  let last: number | undefined;
  points.forEach(({ atMs, value }, index) => {
    if (value === null || atMs < fromMs) return;
    const x = round(((atMs - fromMs) / (toMs - fromMs)) * 100);
    const y = round(100 - (Math.min(value, top) / top) * 100);
    const isJoined = last !== undefined && atMs - last <= stepMs;
    const next = points[index + 1];
    const goesOn = next !== undefined && next.value !== null && next.atMs - atMs <= stepMs;
    // A line of no length, with round ends.
    steps.push(`${isJoined ? 'L' : 'M'}${x} ${y}${isJoined || goesOn ? '' : 'h0'}`);
    last = atMs;
    if (!goesOn) last = undefined;
  });
  return steps.join('');
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
