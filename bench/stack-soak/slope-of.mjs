/**
 * The straight line through points, by least squares.
 *
 * @param {readonly { x: number, y: number }[]} points three at least
 * @returns {{ slope: number, error: number }} y for each x, and half the width of its 95 % confidence interval
 */
export function slopeOf(points) {
  const meanX = mean(points.map(({ x }) => x));
  const meanY = mean(points.map(({ y }) => y));
  const spread = sum(points.map(({ x }) => (x - meanX) ** 2));
  const slope = sum(points.map(({ x, y }) => (x - meanX) * (y - meanY))) / spread;
  const rest = sum(points.map(({ x, y }) => (y - meanY - slope * (x - meanX)) ** 2));
  const freedom = points.length - 2;
  return { slope, error: studentT(freedom) * Math.sqrt(rest / freedom / spread) };
}

/** The quantile for 95 %, within a hundredth from 3 degrees of freedom on (Cornish and Fisher). */
function studentT(freedom) {
  const z = 1.959964;
  return z + (z ** 3 + z) / (4 * freedom) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2);
}

const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
const mean = (numbers) => sum(numbers) / numbers.length;
