/**
 * Latencies, call by call: each worker asks all contestants once in a random order, then again. What the machine does
 * meanwhile, and what one call leaves for the next to collect, falls upon all of them.
 *
 * @param {Record<string, () => Promise<unknown>>} contestants
 * @param {{ rounds: number, callsPerRound: number, atATime: number, warmUpRounds?: number }} options
 * @returns {Promise<Record<'p50Us' | 'p95Us', Record<string, number[]>>>} microseconds, for each round
 */
export async function interleavedCalls(contestants, { rounds, callsPerRound, atATime, warmUpRounds = 2 }) {
  const entries = Object.entries(contestants);
  const samplesOf = () => Object.fromEntries(entries.map(([name]) => [name, []]));
  const samples = { p50Us: samplesOf(), p95Us: samplesOf() };
  for (let round = -warmUpRounds; round < rounds; round++) {
    const tookUs = samplesOf();
    const worker = async () => {
      for (let left = callsPerRound / atATime; left > 0; left--) {
        for (const [name, call] of shuffled(entries)) {
          const start = process.hrtime.bigint();
          await call();
          tookUs[name].push(Number(process.hrtime.bigint() - start) / 1_000);
        }
      }
    };
    await Promise.all(Array.from({ length: atATime }, worker));
    if (round < 0) continue;
    for (const [name, values] of Object.entries(tookUs)) {
      values.sort((one, other) => one - other);
      samples.p50Us[name].push(values[values.length >> 1]);
      samples.p95Us[name].push(values[Math.floor(values.length * 0.95)]);
    }
  }
  return samples;
}

function shuffled(items) {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .sort((one, other) => one.at - other.at)
    .map(({ item }) => item);
}
