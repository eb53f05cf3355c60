import type { Finding } from '@unite/core';
import { describeValue } from '@unite/shared';
import { failed } from './finding';

const remedyForVerifier =
  'Let its run return findings, at least one, each with a subject, a status and a detail.';
const statuses: readonly unknown[] = ['passed', 'warned', 'failed', 'skipped'];

/**
 * What a verifier answered, with nothing in it but findings: what is none becomes a failed one that says so, and so
 * does an empty list, because whoever reads `0 failed` takes it for proven.
 */
export function readFindings(verifier: string, answer: unknown): readonly Finding[] {
  if (!Array.isArray(answer)) {
    return [
      failed(verifier, `answered ${describeValue(answer)} instead of a list of findings`, remedyForVerifier),
    ];
  }
  if (answer.length === 0)
    return [failed(verifier, 'proved nothing: its list of findings is empty', remedyForVerifier)];
  // Holes of a list included.
  return Array.from(answer, (given: unknown, index) => readFinding(verifier, given, index));
}

function readFinding(verifier: string, given: unknown, index: number): Finding {
  const { subject, status, detail, remedy, measured } = Object(given) as Record<string, unknown>;
  const fault =
    faultOf('a subject', subject, isText(subject)) ??
    faultOf('a known status', status, statuses.includes(status)) ??
    faultOf('a detail', detail, isText(detail)) ??
    faultOf('a remedy that is text', remedy, remedy === undefined || isText(remedy)) ??
    faultOf('measured numbers, texts or booleans', measured, measured === undefined || isMeasured(measured));
  if (fault) {
    return failed(
      isText(subject) ? subject : verifier,
      `finding ${index + 1} of ${verifier} is without ${fault}`,
      remedyForVerifier,
    );
  }
  return {
    subject: subject as string,
    status: status as Finding['status'],
    detail: detail as string,
    ...(remedy !== undefined && { remedy: remedy as string }),
    ...(measured !== undefined && { measured: { ...(measured as Finding['measured']) } }),
  };
}

function faultOf(demand: string, value: unknown, holds: boolean): string | undefined {
  return holds ? undefined : `${demand}, got ${describeValue(value)}`;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isMeasured(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((one) => ['number', 'string', 'boolean'].includes(typeof one));
}
