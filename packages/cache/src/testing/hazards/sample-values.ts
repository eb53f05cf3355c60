/** What applications return from a load, by name; no two are alike in how JSON treats them. */
export const sampleValues: Readonly<Record<string, unknown>> = Object.freeze({
  undefined: undefined,
  null: null,
  'undefined within': { present: 1, absent: undefined },
  Date: new Date(1_764_000_000_123),
  Buffer: Buffer.from([0, 255, 128, 10]),
  Uint8Array: new Uint8Array([0, 255, 128, 10]),
  Map: new Map([['a', new Map([['b', 1]])]]),
  Set: new Set(['a', 'b']),
  BigInt: 9_007_199_254_740_993n,
  '-0': -0,
  NaN: Number.NaN,
});
