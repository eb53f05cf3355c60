import type { Finding } from '@unite/core';
import type { FindingCounts, VerifierReport, VerifyReport } from '../verify/verify-types';
import { printableLine } from './printable';
import type { Paint } from './terminal';

/** Reads without colour and without the sign as well. */
const marks = {
  passed: { text: '✓ passed', style: 'green' },
  warned: { text: '! warned', style: 'yellow' },
  failed: { text: '✗ failed', style: 'red' },
  skipped: { text: '- skipped', style: 'dim' },
} as const;
const markWidth = Math.max(...Object.values(marks).map(({ text }) => text.length));

/** A longer subject takes a line as it needs, instead of pushing all the others to the right. */
const maxSubjectWidth = 40;

/** The report for people: one block a verifier, one row a finding, and the counts. */
export function formatVerifyReport(report: VerifyReport, paint: Paint): string {
  const findings = report.verifiers.flatMap((verifier) => verifier.findings);
  const widest = findings.reduce((most, { subject }) => Math.max(most, printableLine(subject).length), 0);
  const subjectWidth = Math.min(maxSubjectWidth, widest);
  const blocks = report.verifiers.map((verifier) => formatVerifier(verifier, subjectWidth, paint));
  return [...blocks, formatSummary(report, paint)].join('\n\n');
}

function formatVerifier(verifier: VerifierReport, subjectWidth: number, paint: Paint): string {
  const title = `${paint('bold', verifier.name)}  ${paint('dim', `${formatMs(verifier.durationMs)}`)}`;
  return [title, ...verifier.findings.flatMap((finding) => formatFinding(finding, subjectWidth, paint))].join(
    '\n',
  );
}

function formatFinding(finding: Finding, subjectWidth: number, paint: Paint): readonly string[] {
  const { text, style } = marks[finding.status];
  const subject = printableLine(finding.subject).padEnd(subjectWidth);
  const indent = ' '.repeat(2 + markWidth + 2 + subjectWidth + 2);
  return [
    `  ${paint(style, text.padEnd(markWidth))}  ${subject}  ${printableLine(finding.detail)}`,
    ...(finding.remedy === undefined ? [] : [`${indent}→ ${printableLine(finding.remedy)}`]),
    ...formatMeasured(finding.measured).map((line) => paint('dim', `${indent}${line}`)),
  ];
}

function formatMeasured(measured: Finding['measured'] = {}): readonly string[] {
  const parts = Object.entries(measured).map(([name, value]) => `${name} ${formatValue(value)}`);
  return parts.length === 0 ? [] : [printableLine(parts.join(', '))];
}

function formatValue(value: number | string | boolean): string {
  return typeof value === 'number' ? value.toLocaleString('en', { maximumFractionDigits: 3 }) : String(value);
}

function formatSummary({ counts, durationMs, interrupted }: VerifyReport, paint: Paint): string {
  const statuses = Object.keys(marks) as (keyof FindingCounts)[];
  const parts = statuses.map((status) => {
    const part = `${counts[status].toLocaleString('en')} ${status}`;
    return counts[status] > 0 ? paint(marks[status].style, part) : part;
  });
  return `${parts.join(', ')} in ${formatMs(durationMs)}${interrupted ? ' (interrupted)' : ''}`;
}

function formatMs(ms: number): string {
  return `${ms.toLocaleString('en')} ms`;
}
