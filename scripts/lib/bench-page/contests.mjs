import { figure } from './charts/figures.mjs';

/** Medians that are nearer to each other say nothing. */
const evenBelow = 1.05;

/**
 * @typedef {'ahead' | 'even' | 'behind'} Standing
 * @typedef {{ title: string, unit: string, ours: string, peer: string, limit: string, verdict: string, standing: Standing }} Contest
 */

/**
 * Ours, the first of them, beside the best peer and the limit, of each picture that has ours and a peer.
 *
 * @param {readonly import('./result.mjs').Result[]} results
 * @returns {Contest[]}
 */
export function contestsOf(results) {
  return results.flatMap(({ sections }) =>
    sections.flatMap((section) => (section.kind === 'bars' ? contestOf(section) : [])),
  );
}

/** @param {import('../../../bench/lib/report-types').BarsChart} chart @returns {Contest[]} */
function contestOf({ title, unit, better: direction = 'less', bars }) {
  if (direction === 'neither') return [];
  const isMoreBetter = direction === 'more';
  const best = (/** @type {string} */ role) =>
    bars
      .filter((bar) => bar.role === role)
      .sort((one, other) => (isMoreBetter ? other.median - one.median : one.median - other.median))[0];
  const ours = bars.find(({ role }) => role === 'ours');
  const [peer, limit] = ['peer', 'limit'].map(best);
  if (!ours || !peer) return [];
  const [better, worse] = isMoreBetter ? [ours.median, peer.median] : [peer.median, ours.median];
  const ratio = better === worse ? 1 : better / worse;
  const standing = Math.max(ratio, 1 / ratio) < evenBelow ? 'even' : ratio > 1 ? 'ahead' : 'behind';
  const [more, less] = isMoreBetter ? ['more', 'less'] : ['less', 'more'];
  const verdicts = {
    ahead: `ahead: ${ratio === Infinity ? 'none at all' : `${figure(ratio)}× ${more}`}`,
    even: 'even',
    behind: `**behind**: ${figure(1 / ratio)}× ${less}`,
  };
  return [
    {
      title,
      unit,
      ours: figure(ours.median),
      peer: `${figure(peer.median)} (${peer.name})`,
      limit: limit ? figure(limit.median) : '',
      verdict: verdicts[standing],
      standing,
    },
  ];
}
