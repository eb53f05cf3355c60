import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { GuideModule } from './guide-snippets';
import { publishedPackages } from './published-packages';
import { repository } from './repository';
import { type Finished, run } from './run';

/** Checks the types of the modules in one run of the compiler, against the packages as they are built. */
export function checkGuides(modules: readonly GuideModule[]): Finished {
  const directory = mkdtempSync(join(tmpdir(), 'unite-guides-'));
  try {
    linkDependencies(join(directory, 'node_modules'));
    for (const { name, code } of modules) writeFileSync(join(directory, name), code);
    writeFileSync(join(directory, 'tsconfig.json'), JSON.stringify(configuration));
    return run(join(repository, 'node_modules/.bin/tsc'), ['--pretty', 'false'], directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const configuration = {
  extends: join(repository, 'tsconfig.base.json'),
  // A snippet may declare what only the reader uses.
  compilerOptions: {
    lib: ['es2023', 'dom', 'dom.iterable'],
    jsx: 'react-jsx',
    noUnusedLocals: false,
    noUnusedParameters: false,
  },
  include: ['*.ts', '*.tsx'],
};

/** As if a team had installed the packages, and with them everything that some package is built beside. */
function linkDependencies(folder: string): void {
  const beside = [repository, join(repository, 'integrations/packages')];
  const installed = [...beside, ...publishedPackages.map(({ directory }) => directory)];
  for (const owner of installed) {
    for (const name of dependenciesIn(join(owner, 'node_modules'))) {
      const link = join(folder, name);
      if (existsSync(link)) continue;
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(join(owner, 'node_modules', name), link, 'dir');
    }
  }
}

function dependenciesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) =>
      name.startsWith('@') ? readdirSync(join(folder, name)).map((inner) => join(name, inner)) : [name],
    );
}
