import { stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import {
  type BuildManifest,
  isBuildManifest,
  isReport,
  isTexts,
  parseAs,
  type ReportedRoute,
  readManifest,
  unreadable,
} from './build-files';
import { readLimited } from './read-limited';

/** A build and what its pages load first. */
export interface Build {
  readonly id: string;
  /** When it was made. */
  readonly builtAtMs: number;
  /** Absolute. */
  readonly dist: string;
  readonly routes: readonly BuiltRoute[];
}

/** A page and the chunks that a browser needs for it, as absolute paths. */
export interface BuiltRoute {
  readonly route: string;
  readonly chunks: readonly string[];
  /** What the build has counted, before anybody touched the chunks. */
  readonly reportedBytes: number;
}

/**
 * The routes of a build of Next.js, by its own report, which has to be that of this build.
 *
 * @throws OpsError `UNITE_OPS_BUILD_UNREADABLE` that says what is missing, stale or of another build
 */
export async function readBuild(app: string, dist: string): Promise<Build> {
  const idFile = join(dist, 'BUILD_ID');
  const reportFile = join(dist, 'diagnostics/route-bundle-stats.json');
  const id = (await readLimited(idFile))?.toString().trim();
  if (!id) throw unreadable(`there is no build in ${dist}: it has no BUILD_ID. Run next build first`);
  const manifest = await readManifest(join(dist, 'build-manifest.json'), isBuildManifest);
  const text = await readLimited(reportFile);
  if (!text) throw unreadable(whyNoReport(reportFile, manifest));
  const [built, reported] = await Promise.all([stat(idFile), stat(reportFile)]);
  if (reported.mtimeMs < built.mtimeMs) {
    throw unreadable(`${reportFile} is older than the build, so it is of another one. Build again`);
  }
  const rows = parseAs(reportFile, text, isReport);
  const pages = await appPages(dist);
  const routes = rows
    .filter(({ route }) => pages.has(route) || Object.hasOwn(manifest.pages, route))
    .map((row) => builtRoute(row, app, dist));
  if (routes.length === 0) throw unreadable(`${reportFile} names no route of this build. Build again`);
  refuseAnotherBuild(reportFile, routes, { dist, pages, manifest });
  return { id, builtAtMs: built.mtimeMs, dist, routes };
}

/** Webpack's builds have a runtime of their own name, and no report. */
function whyNoReport(file: string, { pages, rootMainFiles }: BuildManifest): string {
  const files = [...rootMainFiles, ...Object.values(pages).flat()];
  return files.some((path) => path.includes('/webpack-'))
    ? `${file} is missing: webpack made this build, and Next.js reports those of Turbopack alone. Build without --webpack`
    : `${file} is missing. Next.js writes it since 16; build again, and keep the folder diagnostics`;
}

/** Routes of the App Router that are pages; what is not there has none. `/_global-error` is in no report. */
async function appPages(dist: string): Promise<ReadonlySet<string>> {
  const paths = await readManifest(join(dist, 'app-path-routes-manifest.json'), isTexts, {});
  const pages = Object.entries(paths).filter(([path]) => path.endsWith('/page'));
  return new Set(pages.map(([, route]) => route).filter((route) => route !== '/_global-error'));
}

function builtRoute(row: ReportedRoute, app: string, dist: string): BuiltRoute {
  const chunks = row.firstLoadChunkPaths.map((path) => resolve(app, path));
  const outside = chunks.find((path) => !path.startsWith(`${dist}${sep}`));
  if (outside !== undefined)
    throw unreadable(`the report of ${row.route} names ${outside}, which is not in ${dist}`);
  return { route: row.route, chunks, reportedBytes: row.firstLoadUncompressedJsBytes };
}

/** @throws OpsError where pages are missing, or do not load what every page of this build does */
function refuseAnotherBuild(
  file: string,
  routes: readonly BuiltRoute[],
  { dist, pages, manifest }: { dist: string; pages: ReadonlySet<string>; manifest: BuildManifest },
): void {
  const known = new Map(routes.map(({ route, chunks }) => [route, chunks]));
  const missing = [...pages].find((route) => !known.has(route));
  if (missing !== undefined)
    throw unreadable(`${file} is of another build: it has no ${missing}. Build again`);
  for (const { route, chunks } of routes) {
    const loaded = new Set(chunks.map((path) => relative(dist, path).split(sep).join('/')));
    const needed = pages.has(route) ? manifest.rootMainFiles : (manifest.pages[route] ?? []);
    const absent = needed.find((path) => path.endsWith('.js') && !loaded.has(path));
    if (absent !== undefined) {
      throw unreadable(`${file} is of another build: ${route} loads no ${absent} there. Build again`);
    }
  }
}
