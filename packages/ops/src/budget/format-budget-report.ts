import { formatTable } from '../format-table';
import type { Breach, BudgetReport, ModuleReport, RouteReport } from './budget-types';
import { encodings } from './encodings';

/** The rest is in the report itself. */
const shownModules = 5;

/** A report as text, for a terminal: every route, what broke and by which modules, and the verdict last. */
export function formatBudgetReport({ kept, buildId, routes, problems, notes }: BudgetReport): string {
  const broken = routes.filter((route) => !route.kept);
  const sections = [
    [`build ${buildId}: JavaScript that ${routes.length} routes load first, in kB of 1,000 bytes`],
    formatTable(
      [['', 'route', ...encodings.flatMap((encoding) => [encoding, 'of']), 'gzip grown'], ...routes.map(row)],
      2,
    ),
    ...broken.map(formatBroken),
    problems.map((problem) => `BLIND: ${problem}`),
    notes.map((note) => `note: ${note}`),
    [kept ? 'kept: every route is within its budget' : verdict(broken.length, problems.length)],
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

function row({ route, kept, bytes, limits, grown }: RouteReport): readonly string[] {
  const cells = encodings.flatMap((encoding) => [kb(bytes[encoding]), kb(limits[encoding])]);
  return [kept ? '✓ kept' : '✗ BROKEN', route, ...cells, grown ? signedKb(grown.gzip) : '-'];
}

function formatBroken({ route, breaches, modules }: RouteReport): readonly string[] {
  return [
    ...breaches.map((breach) => `✗ ${route} ${explain(breach)}`),
    ...modules.slice(0, shownModules).flatMap(formatModule),
  ];
}

function explain({ kind, encoding, bytes, allowedBytes }: Breach): string {
  const beyond = signedKb(bytes - allowedBytes);
  if (kind === 'over') {
    return `is over its budget: ${kb(bytes)} kB ${encoding} of ${kb(allowedBytes)} (${beyond})`;
  }
  if (kind === 'grown') {
    return `has grown by ${kb(bytes)} kB ${encoding} since the baseline; ${kb(allowedBytes)} are allowed`;
  }
  return `is not what a browser loads: it transferred ${kb(bytes)} kB ${encoding}, the report says ${kb(allowedBytes)} (${beyond})`;
}

function formatModule({ name, rawBytes, grownBytes, importedBy = [] }: ModuleReport): readonly string[] {
  const size =
    grownBytes === undefined ? `${kb(rawBytes)} kB raw` : `${signedKb(grownBytes)} to ${kb(rawBytes)} kB raw`;
  return [`    ${name}  ${size}`, ...(importedBy.length > 1 ? [`      by ${importedBy.join(' → ')}`] : [])];
}

function verdict(broken: number, blind: number): string {
  const parts = [
    ...(broken > 0 ? [`${broken} ${broken === 1 ? 'route is' : 'routes are'} not within bounds`] : []),
    ...(blind > 0 ? [`${blind} ${blind === 1 ? 'budget is' : 'budgets are'} blind`] : []),
  ];
  return `BROKEN: ${parts.join(', ')}`;
}

function kb(bytes: number | undefined): string {
  return bytes === undefined ? '-' : (bytes / 1_000).toFixed(1);
}

function signedKb(bytes: number): string {
  return `${bytes < 0 ? '−' : '+'}${kb(Math.abs(bytes))}`;
}
