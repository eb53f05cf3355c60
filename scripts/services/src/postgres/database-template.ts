import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ServicesError } from '../errors';
import { runCommand } from '../process/run-command';
import { workDirectory } from '../process/work-directory';
import { makeStandby } from './base-backup';
import {
  type CreateDatabaseOptions,
  createDatabase,
  makeDataDirectory,
  postgresEnv,
} from './create-database';

/**
 * Creates an ephemeral cluster's data directories as copies of one that `initdb` made the first time: a
 * suite with a cluster a file pays that second once. A kept cluster gets a database, and a password, of its own.
 *
 * The template was shut down in good order, so a copy that is told to be a standby streams from another.
 *
 * @param standbys directories of the standbys, besides the primary's
 * @returns the password that came with the copies
 * @throws ServicesError `POSTGRES_FAILED`
 */
export async function copyTemplate(
  options: CreateDatabaseOptions,
  standbys: readonly string[],
): Promise<string> {
  const template = templateDirectory(options);
  if (!existsSync(template)) await makeTemplate(template, options);
  await Promise.all(
    [options.directory, ...standbys].map((directory) => copyTo(directory, template, options)),
  );
  for (const standby of standbys) makeStandby(standby, options.identity);
  return readFileSync(join(options.directory, passwordName), 'utf8');
}

async function copyTo(directory: string, template: string, options: CreateDatabaseOptions): Promise<void> {
  const { identity, timeoutMs, signal } = options;
  makeDataDirectory(directory, identity);
  const { code, output } = await runCommand('cp', ['-RP', `${template}/.`, directory], {
    env: postgresEnv,
    identity,
    timeoutMs,
    signal,
  });
  if (code !== 0) throw new ServicesError('POSTGRES_FAILED', `cannot copy ${template}:\n${output}`);
}

/** Removes a template that does not start, so that the next one is made anew. */
export function discardTemplate(options: Pick<CreateDatabaseOptions, 'binaries' | 'identity'>): void {
  rmSync(templateDirectory(options), { recursive: true, force: true });
}

const passwordName = 'unite.password';

async function makeTemplate(template: string, options: CreateDatabaseOptions): Promise<void> {
  const draft = `${template}.${process.pid}-${randomUUID()}`;
  try {
    await createDatabase({ ...options, directory: draft });
    writeFileSync(join(draft, passwordName), options.password, { mode: 0o644 }); // The directory is closed.
    renameSync(draft, template);
  } catch (error) {
    // Another process was first, and its template is as good.
    if (!existsSync(template)) throw error;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Beside the binaries, whose version it belongs to and with which it goes. */
function templateDirectory({
  binaries,
  identity,
}: Pick<CreateDatabaseOptions, 'binaries' | 'identity'>): string {
  const parent = workDirectory(join(binaries.directory, '..', 'template'), identity);
  return join(parent, `${binaries.version}-${identity?.uid ?? process.getuid?.() ?? 0}`);
}
