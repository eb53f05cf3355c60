import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { LoadOptions, LoadReport } from '../../../src/load/load-types';

/** A run in a process that trusts one more certificate, which Node reads when it starts. */
export async function loadInProcess(options: LoadOptions, trusted: string): Promise<LoadReport> {
  const directory = await mkdtemp(join(tmpdir(), 'unite-load-'));
  try {
    const certificate = join(directory, 'trusted.pem');
    await writeFile(certificate, trusted);
    const jiti = join(require.resolve('jiti'), '../jiti-cli.mjs');
    const program = join(__dirname, 'print-report.ts');
    const { stdout } = await promisify(execFile)(process.execPath, [jiti, program, JSON.stringify(options)], {
      env: { ...process.env, NODE_EXTRA_CA_CERTS: certificate },
    });
    return JSON.parse(stdout) as LoadReport;
  } finally {
    await rm(directory, { recursive: true });
  }
}
