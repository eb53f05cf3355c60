/** Prices and usages that try the rounding, the same in each run. */
export function randomUsage(Decimal, seed) {
  const below = belowFrom(seed);
  const fourOf = (make) => [make(), make(), make(), make()];
  return {
    /** Prices of a million as text: input, cached input, output, reasoning. */
    tariff: () => fourOf(() => new Decimal(below(1e9)).div(10 ** below(10)).toFixed()),
    below,
    /** Amounts of the same four: many small, some none, few as large as they may be. */
    amounts: () =>
      fourOf(() => {
        const size = below(100);
        if (size < 20) return 0;
        return size < 95 ? below(200_000) : below(2 ** 51);
      }),
  };
}

/** SplitMix64, of which a double takes the upper 53 bits. */
function belowFrom(seed) {
  let state = BigInt(seed);
  return (end) => {
    state = BigInt.asUintN(64, state + 0x9e3779b97f4a7c15n);
    let mixed = BigInt.asUintN(64, (state ^ (state >> 30n)) * 0xbf58476d1ce4e5b9n);
    mixed = BigInt.asUintN(64, (mixed ^ (mixed >> 27n)) * 0x94d049bb133111ebn);
    return Math.floor((Number((mixed ^ (mixed >> 31n)) >> 11n) / 2 ** 53) * end);
  };
}
