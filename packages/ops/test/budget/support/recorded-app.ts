import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { project } from '../../support/project';
import recorded from './recorded-build.json';

type Files = Readonly<Record<string, string | undefined>>;

/**
 * A build of Next.js 16.4.6: `/` and `/items/[id]` are a button, `/heavy` loads `web-vitals`, `/about` and `/api/ping` are of
 * the Pages Router; and what `next analyze export` said. Chunks and modules of Next.js itself were taken out of it.
 */
export const recordedBuild: Readonly<Record<string, string>> = recorded;

export const reportFile = '.next/diagnostics/route-bundle-stats.json';

/** Over what every route of the recorded build weighs. */
const wide = JSON.stringify({ default: { rawKb: 20, gzipKb: 10 } });

/** An application with that build. A file that is `undefined` is left out. */
export function recordedApp(files: Files = {}): string {
  const all = { ...recordedBuild, 'budgets.json': wide, ...files };
  const there = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return project(Object.fromEntries(there));
}

interface Row {
  route: string;
  firstLoadUncompressedJsBytes: number;
  firstLoadChunkPaths: string[];
}

/** The build's report after a change of its rows. */
export function changedReport(change: (rows: Row[], row: (route: string) => Row) => void): Files {
  const rows: Row[] = JSON.parse(recordedBuild[reportFile] ?? '');
  change(rows, (route) => rows.find((one) => one.route === route) as Row);
  return { [reportFile]: JSON.stringify(rows) };
}

/** `/` has come to load what `/heavy` does. */
export function grownReport(): Files {
  return changedReport((_, row) => {
    const { firstLoadUncompressedJsBytes, firstLoadChunkPaths } = row('/heavy');
    Object.assign(row('/'), { firstLoadUncompressedJsBytes, firstLoadChunkPaths });
  });
}

/** Makes a file older than the build. */
export function makeOld(app: string, file: string): void {
  utimesSync(join(app, file), 1, 1);
}
