import { runTool } from '../lib/run-tool.mjs';

/**
 * The lowest and the highest published version that satisfies a range; pre-releases are none, unless there is nothing else.
 *
 * @param {import('../lib/children.mjs').Children} children
 * @param {string} name
 * @param {string} range as `npm` understands it; several with a space between them have to hold together
 * @param {{ cwd: string, env: NodeJS.ProcessEnv, lowestMajor?: number | undefined }} options
 * @returns {Promise<readonly [lowest: string, highest: string]>}
 */
export async function peerVersions(children, name, range, { lowestMajor = 0, ...options }) {
  const asked = range === '*' ? name : `${name}@${range}`;
  const key = range === '*' ? 'versions' : 'version';
  const output = await runTool(children, ['npm', 'view', asked, key, '--json'], options);
  const all = [JSON.parse(output)].flat().filter((version) => Number.parseInt(version, 10) >= lowestMajor);
  const versions = all.sort(compareVersions);
  const [lowest, highest] = [versions.at(0), versions.at(-1)];
  if (!lowest || !highest) throw new Error(`No version of ${name} satisfies ${range}`);
  return [lowest, highest];
}

/** By their numbers. @param {string} one @param {string} other */
function compareVersions(one, other) {
  return one.localeCompare(other, 'en', { numeric: true });
}
