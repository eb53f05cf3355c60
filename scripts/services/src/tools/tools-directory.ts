import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ServerIdentity } from '../process/server-identity';
import { workDirectory } from '../process/work-directory';

/**
 * Where unpacked programs are kept: the wanted folder, or one of this user's under the temporary one.
 *
 * @throws ServicesError `DIRECTORY_UNUSABLE`
 */
export function toolsDirectory(wanted: string | undefined, identity: ServerIdentity | undefined): string {
  return workDirectory(wanted ?? join(tmpdir(), `unite-tools-${process.getuid?.() ?? 0}`), identity);
}
