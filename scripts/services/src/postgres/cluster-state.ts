import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ServerIdentity } from '../process/server-identity';

/** Raised whenever a directory of the previous layout cannot be used any more. */
const layout = 1;

/** What is kept beside the data, so that the next start gives the same URLs. */
export interface ClusterState {
  readonly layout: number;
  /** PostgreSQL's major version, which owns the format of the data. */
  readonly major: number;
  /** Owner of the data. */
  readonly uid: number;
  readonly password: string;
  /** Ports by node name. */
  readonly ports: Readonly<Record<string, number>>;
}

/** What this start would write into an empty directory. */
export function newClusterState(version: string, identity: ServerIdentity | undefined): ClusterState {
  return {
    layout,
    major: Number.parseInt(version, 10),
    uid: identity?.uid ?? process.getuid?.() ?? 0,
    password: randomBytes(18).toString('base64url'),
    ports: {},
  };
}

/** What a directory holds, or why it is of no use. Nothing at all is neither. */
export function readClusterState(directory: string, wanted: ClusterState): ClusterState | string | undefined {
  if (!existsSync(file(directory)))
    return existsSync(join(directory, 'primary')) ? 'its set-up was not finished' : undefined;
  let found: ClusterState;
  try {
    found = JSON.parse(readFileSync(file(directory), 'utf8'));
  } catch {
    return 'its description is damaged';
  }
  if (found.layout !== wanted.layout)
    return `it has layout ${found.layout}, and this version needs ${wanted.layout}`;
  if (found.major !== wanted.major)
    return `it belongs to PostgreSQL ${found.major}, and this is ${wanted.major}`;
  if (found.uid !== wanted.uid)
    return `it belongs to user ${found.uid}, and the servers now run as ${wanted.uid}`;
  return found;
}

/** Written last, so that a directory with it is complete. */
export function writeClusterState(directory: string, state: ClusterState): void {
  writeFileSync(file(directory), `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
}

function file(directory: string): string {
  return join(directory, 'cluster.json');
}
