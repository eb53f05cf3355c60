import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';

const places = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const attempts = 3;

/** Where a Chromium is; installs Debian's where that needs no password. `undefined` when there is none. */
export async function installChromium() {
  const found = findChromium();
  if (found || process.getuid?.() !== 0) return found;
  console.log('Installing chromium for the browser tests');
  const options = { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  // Somebody else may be installing something, or reading the lists of packages, which nobody can wait for.
  const install = ['-o', 'DPkg::Lock::Timeout=300', 'install', '-y', '--no-install-recommends', 'chromium'];
  for (let attempt = 0; attempt < attempts && !findChromium(); attempt += 1) {
    spawnSync('apt-get', ['update'], options);
    spawnSync('apt-get', install, options);
  }
  return findChromium();
}

/** Where a Chromium is, if anywhere. */
export function findChromium() {
  return places.find((path) => path && isExecutable(path));
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
