import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Builds the package before the tests, unless `dist` is newer than every source, or `npm test` has built everything:
 * others may be reading it.
 *
 * @param {{ rootDir: string }} config
 */
export default function buildWhenStale({ rootDir }) {
  if (process.env.UNITE_ALL_BUILT) return;
  const built = join(rootDir, 'dist', 'index.js');
  const sources = readdirSync(join(rootDir, 'src'), { recursive: true, encoding: 'utf8' }).map((name) =>
    join(rootDir, 'src', name),
  );
  if (existsSync(built) && sources.every((file) => statSync(file).mtimeMs <= statSync(built).mtimeMs)) return;
  const { status } = spawnSync('npm', ['run', 'build'], { cwd: rootDir, stdio: 'inherit' });
  if (status !== 0) throw new Error(`${rootDir} does not build`);
}
