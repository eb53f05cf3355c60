import { join } from 'node:path';
import type { OperationsCheck } from './check-types';
import { operationsFolder, repository } from './places';
import { complaintsOf, runProgram } from './run-program';

/** Nothing of it is connected to: the environment of the application has to be whole, and no more. */
const env = { DATABASE_URL: 'postgres://none@127.0.0.1/none', KEYRING_FILE: 'none' };

export const checkGenerated: OperationsCheck = {
  name: 'generated files are current',
  by: 'unite rules --check',
  async run(operations) {
    if (operations !== operationsFolder) return ['skipped: it is no copy that is generated'];
    const unite = join(repository, 'examples/crm/scripts/unite.mjs');
    const found = await runProgram({ command: process.execPath }, [unite, 'rules', '--check'], { env });
    return complaintsOf('unite rules', found).filter((line) => !line.includes('✓'));
  },
};
