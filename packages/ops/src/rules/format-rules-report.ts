import { relative } from 'node:path';
import type { RulesFileReport, RulesReport } from './rules-types';

const marks = {
  unchanged: '✓ unchanged',
  written: '✓ written',
  removed: '✓ removed',
  missing: '✗ missing',
  different: '✗ different',
  'left-over': '✗ left over',
} satisfies Record<RulesFileReport['status'], string>;
const markWidth = Math.max(...Object.values(marks).map((mark) => mark.length));

/** The report for people: a line a file and a complaint, and the verdict. */
export function formatRulesReport({ passed, out, files, alerts, complaints }: RulesReport): string {
  const folder = relative(process.cwd(), out) || '.';
  return [
    ...files.map(({ path, status }) => `${marks[status].padEnd(markWidth)}  ${folder}/${path}`),
    ...complaints.map((complaint) => `✗ ${complaint}`),
    '',
    passed
      ? `passed: files ${files.length}, alerts ${alerts.length}`
      : 'FAILED: run unite rules for what is missing, different or left over, and look at the alerts named above',
  ].join('\n');
}
