import { mkdir, realpath } from 'node:fs/promises';
import { resolve } from 'node:path';
import { checkRulesOptions } from './check-rules-options';
import { readGenerated, removeGenerated, writeGenerated } from './generated-file';
import { listName, listText, readList } from './generated-list';
import { makeTexts } from './make-texts';
import { findAlerts, matchRunbooks } from './match-runbooks';
import type { RulesFileReport, RulesOptions, RulesReport } from './rules-types';

/** How rules are generated. */
export interface GenerateOptions extends RulesOptions {
  /** Writes nothing, and says what it would. @default false */
  readonly check?: boolean | undefined;
  readonly signal: AbortSignal;
}

/**
 * Makes all files first, then writes those that differ, each by one rename, and removes those that it wrote before and
 * that nothing makes any more.
 *
 * @throws TypeError for options that are none; OpsError `UNITE_OPS_RULES_UNUSABLE` for a file that cannot be made, or
 * that would lie outside of `out`
 */
export async function generateRules({
  check = false,
  signal,
  ...options
}: GenerateOptions): Promise<RulesReport> {
  checkRulesOptions(options);
  const texts = await makeTexts(options.files, signal);
  const alerts = findAlerts(texts);
  const complaints =
    options.runbooks === undefined ? [] : await matchRunbooks(alerts, resolve(options.runbooks));
  const out = resolve(options.out ?? 'generated');
  const files = await (check ? compare(out, texts) : write(out, texts));
  return {
    passed: complaints.length === 0 && files.every(({ status }) => isRight[status]),
    out,
    files,
    alerts: [...new Set(alerts.map(({ name }) => name))].sort(),
    complaints,
  };
}

const isRight = {
  unchanged: true,
  written: true,
  removed: true,
  missing: false,
  different: false,
  'left-over': false,
} satisfies Record<RulesFileReport['status'], boolean>;

async function compare(out: string, texts: ReadonlyMap<string, string>): Promise<readonly RulesFileReport[]> {
  const files: RulesFileReport[] = [];
  for (const [path, text] of [...texts, [listName, listText(texts)] as const]) {
    const found = await readGenerated(out, path);
    if (found === undefined) files.push({ path, status: 'missing' });
    else files.push({ path, status: found === text ? 'unchanged' : 'different' });
  }
  return [...files, ...(await leftOver(out, texts)).map((path) => ({ path, status: 'left-over' as const }))];
}

async function write(given: string, texts: ReadonlyMap<string, string>): Promise<readonly RulesFileReport[]> {
  await mkdir(given, { recursive: true });
  const out = await realpath(given);
  const files: RulesFileReport[] = [];
  const old = await leftOver(out, texts);
  for (const [path, text] of texts) {
    const isSame = (await readGenerated(out, path)) === text;
    if (!isSame) await writeGenerated(out, path, text);
    files.push({ path, status: isSame ? 'unchanged' : 'written' });
  }
  for (const path of old) {
    await removeGenerated(out, path);
    files.push({ path, status: 'removed' });
  }
  // Last: who was interrupted before still knows what to remove.
  await writeGenerated(out, listName, listText(texts));
  return files;
}

/** What an earlier run has made, is still there, and is made no more. */
async function leftOver(out: string, texts: ReadonlyMap<string, string>): Promise<readonly string[]> {
  const candidates = (await readList(out)).filter((path) => !texts.has(path));
  const found = await Promise.all(candidates.map((path) => readGenerated(out, path)));
  return candidates.filter((_, index) => found[index] !== undefined);
}
