import { chmodSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Program } from '../tools/program';

/** Where Debian's build looks for its templates, and does not start without them. No option says otherwise. */
const installed = '/usr/share/prometheus/alertmanager';

/** An unpacked Alertmanager, and the directory that it has to be started in. */
export interface AlertmanagerProgram extends Program {
  readonly cwd?: string | undefined;
}

/**
 * A copy of an unpacked Alertmanager that looks for its templates where it is started. The path in the program is
 * replaced by one of the same length that means "here"; nothing else of it changes.
 */
export function relocatedAlertmanager(program: Program): AlertmanagerProgram {
  const root = join(dirname(program.command), '..', '..');
  const command = `${program.command}-relocated`;
  if (!existsSync(command)) relocate(program.command, command);
  return { ...program, command, cwd: join(root, installed) };
}

function relocate(from: string, to: string): void {
  const bytes = readFileSync(from);
  const here = Buffer.from('./'.repeat(installed.length / 2));
  let at = bytes.indexOf(installed);
  while (at !== -1) {
    here.copy(bytes, at);
    at = bytes.indexOf(installed, at + here.length);
  }
  // Another process may do the same.
  const draft = mkdtempSync(`${to}.`);
  writeFileSync(join(draft, 'program'), bytes);
  chmodSync(join(draft, 'program'), 0o755);
  renameSync(join(draft, 'program'), to);
  rmSync(draft, { recursive: true });
}
