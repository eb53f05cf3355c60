import type { LoadShedder } from './shedding-types';

/** Refuses nothing, and counts. */
export function admitAll(): LoadShedder {
  let inFlight = 0;
  let admitted = 0;
  return {
    admit() {
      inFlight += 1;
      admitted += 1;
      let isUnderWay = true;
      return {
        admitted: true,
        release() {
          if (isUnderWay) inFlight -= 1;
          isUnderWay = false;
        },
      };
    },
    status: () => ({ delayMs: 0, inFlight, limit: Infinity, admitted, refused: 0 }),
    close: () => undefined,
  };
}
