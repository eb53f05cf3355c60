import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { dirname, resolve } from 'node:path';
import { formatMs, outcomeWords, summaryOf } from './format-scorecard';
import type { DrillReport, Scorecard } from './scorecard-types';

/**
 * Makes the folder of a report, so that a path that cannot be is told before the drills and not after them.
 *
 * @returns what writes the report
 */
export async function prepareReport(file: string): Promise<(card: Scorecard) => Promise<void>> {
  const path = resolve(file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, '');
  return (card) => writeFile(path, markdownOf(card));
}

/** A scorecard as Markdown: when, on which machine, and one table a drill. */
export function markdownOf(card: Scorecard): string {
  const gigabytes = (totalmem() / 2 ** 30).toFixed(0);
  return [
    '# Scorecard',
    `${new Date(card.startedAtMs).toISOString()}, ${formatMs(card.durationMs)}, on a machine with ${availableParallelism()} cores and ${gigabytes} GiB of memory (${process.platform} ${process.arch}, Node ${process.version}).`,
    `**${summaryOf(card)}**`,
    ...(card.stopped === undefined ? [] : [`Stopped, for a fault is left: ${cell(card.stopped)}`]),
    ...(card.notBegun.length === 0 ? [] : [`Not begun: ${card.notBegun.join(', ')}`]),
    ...card.drills.flatMap(sectionOf),
    '',
  ].join('\n\n');
}

function sectionOf({ name, about, durationMs, rows }: DrillReport): string[] {
  const lines = rows.map(
    ({ promise, measured, outcome }) => `| ${cell(promise)} | ${cell(measured)} | ${outcomeWords[outcome]} |`,
  );
  return [
    `## ${name}`,
    `${cell(about)} (${formatMs(durationMs)})`,
    ['| Promise | Measured | Outcome |', '| --- | --- | --- |', ...lines].join('\n'),
  ];
}

/** Text that ends no cell and begins no markup. */
function cell(text: string): string {
  return text.replace(/[\\`*_<>|[\]#]/g, '\\$&').replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');
}
