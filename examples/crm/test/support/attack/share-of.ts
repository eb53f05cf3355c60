/**
 * Every so many of all, beginning at one of them: neighbours get others, and all of them together get all. For what takes
 * long, such as pages.
 */
export function shareOf<Value>(all: readonly Value[], from: number, every: number): Value[] {
  return all.filter((_, index) => index % every === from % every);
}
