import { randomBytes } from 'node:crypto';
import { deferred } from './deferred';

/** A load that has read its value and does not return before it may. */
export interface HeldLoad {
  readonly load: () => Promise<string>;
  /** Resolves when the first load has read its value. */
  readonly started: Promise<void>;
  /** Lets every load return what it has read. */
  release(): void;
}

/** Stands for the database: one row, with the value before a change and the one after. */
export interface SourceOfTruth {
  readonly oldValue: string;
  readonly newValue: string;
  /** Loads since the start. */
  readonly loads: number;
  /** From here on a load reads the new value. */
  change(): void;
  /** Reads the row. */
  readonly load: () => Promise<string>;
  /** A load that reads the row at once and returns when it is released. */
  holdLoad(): HeldLoad;
}

/** Makes a row whose values are found nowhere else, not even in what another scenario left in Redis. */
export function createSourceOfTruth(): SourceOfTruth {
  const id = randomBytes(6).toString('hex');
  const oldValue = `old-${id}`;
  const newValue = `new-${id}`;
  let current = oldValue;
  let loads = 0;
  const load = async () => {
    loads += 1;
    return current;
  };
  return {
    oldValue,
    newValue,
    get loads() {
      return loads;
    },
    change: () => {
      current = newValue;
    },
    load,
    holdLoad: () => {
      const started = deferred();
      const released = deferred();
      return {
        started: started.promise,
        release: released.resolve,
        load: async () => {
          const value = await load();
          started.resolve();
          await released.promise;
          return value;
        },
      };
    },
  };
}
