import type { Encoding } from './budget-types';

/** In the order in which they are shown. */
export const encodings: readonly Encoding[] = ['raw', 'gzip', 'brotli'];

/** For each of them what a function says. */
export function byEncoding<Value>(make: (encoding: Encoding) => Value): Record<Encoding, Value> {
  return { raw: make('raw'), gzip: make('gzip'), brotli: make('brotli') };
}
