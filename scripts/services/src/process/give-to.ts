import { chownSync } from 'node:fs';
import type { ServerIdentity } from './server-identity';

/** Makes a path the property of the user that servers run as. */
export function giveTo(identity: ServerIdentity | undefined, path: string): void {
  if (identity) chownSync(path, identity.uid, identity.gid);
}
