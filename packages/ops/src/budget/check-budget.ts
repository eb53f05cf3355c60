import { type Baseline, readBaseline, type WeighedRoute, writeBaseline } from './baseline';
import { budgetPaths, checkBudgetOptions } from './budget-paths';
import type { Breach, BudgetOptions, BudgetReport, MeasuredTransfers, RouteReport } from './budget-types';
import { ChunkBook } from './chunk-book';
import { crossCheckTransfers, readTransfers } from './cross-check-transfers';
import { byEncoding, encodings } from './encodings';
import { guiltyModules } from './guilty-modules';
import { readImportGraph } from './import-graph';
import { type Budgets, readBudgets } from './read-budgets';
import { type Build, readBuild } from './read-build';
import { blindBudgets, routeBudget } from './route-budget';

/**
 * Weighs what each page of a build of Next.js (16 and later, Turbopack) loads first, beside its budget and a baseline,
 * and names the modules where it is too much.
 *
 * @throws TypeError for options that are none; OpsError `UNITE_OPS_BUILD_UNREADABLE` for a build whose report is missing,
 * stale or another's; `UNITE_OPS_CONFIG_NOT_FOUND` and `UNITE_OPS_CONFIG_INVALID` for budgets, baseline and measured
 * @example
 * const { kept, routes } = await checkBudget({ app: 'apps/shop' });
 */
export async function checkBudget(options: BudgetOptions = {}): Promise<BudgetReport> {
  checkBudgetOptions('checkBudget', options);
  const paths = budgetPaths(options);
  const budgets = await readBudgets(paths.budgets);
  const measured = paths.measured === undefined ? undefined : await readTransfers(paths.measured);
  const build = await readBuild(paths.app, paths.dist);
  const book = new ChunkBook(build, paths.maps);
  if (options.updateBaseline) await writeBaseline(paths.baseline, await weigh(build, book));
  const baseline = budgets.growth && (await readBaseline(paths.baseline));
  const rules: Rules = { budgets, baseline, measured, tolerancePercent: options.tolerancePercent ?? 5 };
  const judged: RouteReport[] = [];
  for (const built of build.routes) judged.push(judgeRoute(built.route, await book.bytesOf(built), rules));
  const { routes, notes } = await accuse(judged, { build, book, baseline, graphFile: paths.graph });
  const problems = [...blindBudgets(names(build), budgets), ...blindTransfers(names(build), measured)];
  return {
    kept: problems.length === 0 && routes.every((route) => route.kept),
    buildId: build.id,
    routes,
    problems,
    notes,
  };
}

interface Rules {
  readonly budgets: Budgets;
  readonly baseline: Baseline | undefined;
  readonly measured: MeasuredTransfers | undefined;
  readonly tolerancePercent: number;
}

async function weigh(build: Build, book: ChunkBook): Promise<readonly WeighedRoute[]> {
  return Promise.all(
    build.routes.map(async (built) => ({
      route: built.route,
      bytes: await book.bytesOf(built),
      modules: await book.modulesOf(built),
    })),
  );
}

function judgeRoute(route: string, bytes: RouteReport['bytes'], rules: Rules): RouteReport {
  const { budgets, baseline, measured, tolerancePercent } = rules;
  const limits = routeBudget(route, budgets);
  const before = baseline?.[route]?.bytes;
  const grown = before && byEncoding((encoding) => bytes[encoding] - before[encoding]);
  const breaches = [
    ...exceeded('over', bytes, limits),
    ...(grown ? exceeded('grown', grown, budgets.growth ?? {}) : []),
    ...(measured ? crossCheckTransfers(route, bytes, measured, tolerancePercent) : []),
  ];
  return { route, kept: breaches.length === 0, bytes, limits, grown, breaches, modules: [] };
}

function exceeded(
  kind: Breach['kind'],
  bytes: RouteReport['bytes'],
  allowed: RouteReport['limits'],
): readonly Breach[] {
  return encodings.flatMap((encoding) => {
    const allowedBytes = allowed[encoding];
    const isOver = allowedBytes !== undefined && bytes[encoding] > allowedBytes;
    return isOver ? [{ kind, encoding, bytes: bytes[encoding], allowedBytes }] : [];
  });
}

/** Maps and the graph are read only where a route is not kept. */
async function accuse(
  judged: readonly RouteReport[],
  {
    build,
    book,
    baseline,
    graphFile,
  }: {
    build: Build;
    book: ChunkBook;
    baseline: Baseline | undefined;
    graphFile: string;
  },
): Promise<Pick<BudgetReport, 'routes' | 'notes'>> {
  const added = judged.filter(({ route }) => baseline && !Object.hasOwn(baseline, route));
  const notes = added.map(
    ({ route }) => `${route} is not in the baseline: nothing says whether it has grown`,
  );
  if (judged.every(({ kept }) => kept)) return { routes: judged, notes };
  const graph = await readImportGraph(graphFile, build.builtAtMs);
  const routes = await Promise.all(
    judged.map(async (report, index) => {
      const built = build.routes[index];
      if (report.kept || !built) return report;
      const before = report.breaches.some(({ kind }) => kind === 'grown')
        ? baseline?.[report.route]?.modules
        : undefined;
      const modules = guiltyModules(await book.modulesOf(built), before);
      if (typeof graph === 'string') return { ...report, modules };
      const chained = modules.map((one) => ({ ...one, importedBy: graph.chainTo(report.route, one.name) }));
      return { ...report, modules: chained };
    }),
  );
  return { routes, notes: typeof graph === 'string' ? [...notes, graph] : notes };
}

function names(build: Build): readonly string[] {
  return build.routes.map(({ route }) => route);
}

function blindTransfers(
  routes: readonly string[],
  measured: MeasuredTransfers | undefined,
): readonly string[] {
  return Object.keys(measured?.routes ?? {})
    .filter((route) => !routes.includes(route))
    .map((route) => `${route} was measured, and the build has no such route`);
}
