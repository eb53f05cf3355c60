import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Names the folder of the tarballs to the test files, which jest runs in other processes. */
export const packedFolderVariable = 'UNITE_PACKED_FOLDER';

/** A package as the npm registry would get it. */
export interface PackedPackage {
  readonly tarball: string;
  /** The tarball's content, unpacked. */
  readonly directory: string;
}

/** What `pack-all` made of a package. */
export function packed(name: string): PackedPackage {
  const folder = join(process.env[packedFolderVariable] ?? '', fileNameOf(name));
  const tarball = readdirSync(folder).find((file) => file.endsWith('.tgz'));
  if (!tarball) throw new Error(`${name} has not been packed`);
  return { tarball: join(folder, tarball), directory: join(folder, 'package') };
}

/** `@unite/core` → `unite-core`. */
export function fileNameOf(name: string): string {
  return name.replace('@', '').replace('/', '-');
}
