const unitsMs = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A window such as `5m`, shortened by `scale`, as Prometheus writes durations. */
export function scaledWindow(window: string, scale: number): string {
  return scale === 1 ? window : `${Math.round(windowMs(window) * scale)}ms`;
}

/** Milliseconds of a window such as `5m`. */
export function windowMs(window: string): number {
  return Number(window.slice(0, -1)) * unitsMs[window.slice(-1) as keyof typeof unitsMs];
}
