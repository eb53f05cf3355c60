import { existsSync } from 'node:fs';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileNameOf, packed, packedFolderVariable } from './packed';
import { pnpmCommand } from './pnpm';
import { type PublishedPackage, publishedPackages } from './published-packages';
import { mustRun } from './run';

/** Jest's global set-up: packs every published package once, into a folder outside the repository. */
export default async function packAll(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'unite-packed-'));
  process.env[packedFolderVariable] = folder;
  const [command, ...leadingArguments] = pnpmCommand();
  for (const owner of publishedPackages) {
    assertBuilt(owner);
    const destination = join(folder, fileNameOf(owner.name));
    await mkdir(destination);
    mustRun(command, [...leadingArguments, 'pack', '--pack-destination', destination], owner.directory);
    mustRun('tar', ['-xzf', packed(owner.name).tarball, '-C', destination], destination);
  }
}

/** A missing build would fail in twenty places; say it once. */
function assertBuilt({ name, directory }: PublishedPackage): void {
  if (!existsSync(join(directory, 'dist'))) throw new Error(`${name} is not built: npm run build`);
}
