import { readdir } from 'node:fs/promises';
import { parse } from 'yaml';
import { errorLine } from '../describe-error';
import { OpsError } from '../errors';

/** An alert of Prometheus, and where it was found. */
export interface FoundAlert {
  readonly name: string;
  readonly path: string;
  readonly runbookUrl: string | undefined;
}

/**
 * Alerts of all files of rules: whatever has `groups` with `rules`.
 *
 * @throws OpsError `UNITE_OPS_RULES_UNUSABLE` for a file that is not what its name says
 */
export function findAlerts(texts: ReadonlyMap<string, string>): readonly FoundAlert[] {
  return [...texts].flatMap(([path, text]) => {
    if (!/\.(ya?ml|json)$/.test(path)) return [];
    const rules = list(parsed(path, text).groups).flatMap(({ rules }) => list(rules));
    return rules
      .filter(({ alert }) => typeof alert === 'string')
      .map(({ alert, annotations }) => {
        const { runbook_url: url } = Object(annotations) as { runbook_url?: unknown };
        return { name: String(alert), path, runbookUrl: typeof url === 'string' ? url : undefined };
      });
  });
}

function parsed(path: string, text: string): Readonly<Record<string, unknown>> {
  try {
    // JSON is YAML too, and is read many times faster as what it is.
    return Object(path.endsWith('.json') ? JSON.parse(text) : parse(text)) as Record<string, unknown>;
  } catch (cause) {
    throw new OpsError('UNITE_OPS_RULES_UNUSABLE', `${path}: ${errorLine(cause)}`, { cause });
  }
}

function list(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.map((item) => Object(item) as Record<string, unknown>) : [];
}

/**
 * Whether each alert has its page, and each page its alert.
 *
 * @returns what is wrong, in sentences
 */
export async function matchRunbooks(
  alerts: readonly FoundAlert[],
  folder: string,
): Promise<readonly string[]> {
  const entries = await readdir(folder);
  const pages = entries.filter((name) => name.endsWith('.md') && name !== 'README.md').sort();
  const named = new Set(alerts.map(({ runbookUrl }) => pageOf(runbookUrl)));
  const missing = alerts.flatMap(({ name, path, runbookUrl }) => {
    const page = pageOf(runbookUrl);
    if (page === undefined) return [`${name} in ${path} names no runbook: its annotation runbook_url`];
    return pages.includes(page) ? [] : [`${name} in ${path} names the runbook ${page}, which is not there`];
  });
  const orphans = pages.filter((page) => !named.has(page));
  return [...new Set(missing), ...orphans.map((page) => `the runbook ${page} belongs to no alert`)];
}

/** The last part of the address: `https://…/runbooks/SloBudgetBurn` and `…/SloBudgetBurn.md#now` are one page. */
function pageOf(url: string | undefined): string | undefined {
  const name = url?.split(/[?#]/)[0]?.split('/').at(-1);
  if (name === undefined || name === '') return undefined;
  return name.endsWith('.md') ? name : `${name}.md`;
}
