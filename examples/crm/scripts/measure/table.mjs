/** The lower times of a row with the cache on, in whole per cent of its median without. */
export function lowerBy({ off, on }) {
  return Math.round(100 * (1 - quantile(on, 0.5) / quantile(off, 0.5)));
}

export function printTable(rows) {
  const line = (cells) =>
    console.log(cells.map((cell, index) => (index ? cell.padStart(11) : cell.padEnd(22))).join(''));
  line(['ms', 'off median', 'p95', 'on median', 'p95', 'lower by']);
  for (const row of rows) {
    const times = [row.off, row.on].flatMap((each) => [quantile(each, 0.5), quantile(each, 0.95)]);
    line([row.name, ...times.map((ms) => ms.toFixed(1)), `${lowerBy(row)} %`]);
  }
  console.log(`${rows.map(({ name, on }) => `${name}: ${on.length}`).join('; ')} times each.`);
}

function quantile(times, share) {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
