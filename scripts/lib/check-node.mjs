// No modern syntax here: an old Node has to be able to read this file.

/** Oldest Node that everything here runs on. */
const oldestNode = '20.19';

/**
 * Says what is wrong with a Node version, or nothing.
 *
 * @param {string} version such as `20.19.4`
 * @returns {string | undefined}
 */
export function checkNode(version) {
  if (rank(version) >= rank(oldestNode)) return undefined;
  return (
    'Unite needs Node ' +
    oldestNode +
    ' or newer, and this is Node ' +
    version +
    '.\nInstall a current one from https://nodejs.org, or run "nvm install --lts" or "fnm install --lts".'
  );
}

/** @param {string} version */
function rank(version) {
  const parts = version.split('.');
  return Number(parts[0]) * 1000 + Number(parts[1]);
}
