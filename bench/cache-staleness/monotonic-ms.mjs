/** Milliseconds by CLOCK_MONOTONIC, which all processes of a machine share (`performance.now()` counts from each one's start). */
export function monotonicMs() {
  return Number(process.hrtime.bigint()) / 1e6;
}
