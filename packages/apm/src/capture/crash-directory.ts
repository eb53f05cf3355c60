import { resolve } from 'node:path';
import { warnOnce } from '@unite/shared';

/** Where no directory can be made: there `mkdir` with `recursive` does not end in Node.js 20. */
const systemPath = /^\/(?:proc|sys|dev(?!\/shm\/))(?:\/|$)/;

/** The directory of the option `crash`; `undefined`, with a warning, where it is one of the system's own. */
export function crashDirectory(directory: string | undefined): string | undefined {
  if (directory === undefined || !systemPath.test(resolve(directory))) return directory;
  warnOnce(
    'UNITE_APM_MARKER_UNWRITABLE',
    `The option "crash.directory" cannot be used: ${directory} belongs to the system, so nothing is kept`,
  );
  return undefined;
}
