import { randomBytes } from 'node:crypto';
import type { Clock, Finding, Verifier } from '@unite/core';
import { checkOptions, expects, optionChecks, systemClock } from '@unite/shared';
import { describeError, errorLine } from '../describe-error';
import { OpsError } from '../errors';
import { chooseVerifiers } from './choose-verifiers';
import { failed, skipped } from './finding';
import { readFindings } from './read-findings';
import { timerMs } from './timer-ms';
import type { FindingCounts, RunVerifiersOptions, VerifierReport, VerifyReport } from './verify-types';

const defaultTimeoutMs = 15_000;

/** How long a verifier that was told to end may take to tidy up, in milliseconds. */
const graceMs = 1_000;

/**
 * Runs verifiers one after the other, each within its own time. Whatever one of them does, the others run, and the
 * report comes: one that throws, hangs or answers nonsense is a failed finding.
 *
 * @throws TypeError for a name that no verifier has, and for options that are none
 * @example
 * const report = await runVerifiers([verifyHealth({ url })], { timeoutMs: 5_000 });
 * process.exitCode = report.passed ? 0 : 1;
 */
export async function runVerifiers(
  verifiers: readonly Verifier[],
  options: RunVerifiersOptions = {},
): Promise<VerifyReport> {
  checkRunOptions(options);
  const { signal, clock = systemClock } = options;
  const chosen = chooseVerifiers(verifiers, options.names);
  const startedAtMs = clock.wallMs();
  const beganMs = clock.monotonicMs();
  const reports: VerifierReport[] = [];
  for (const verifier of chosen) {
    const report = signal?.aborted ? notBegun(verifier) : await runVerifier(verifier, options, clock);
    reports.push(report);
    options.onResult?.(report);
  }
  const counts = countFindings(reports);
  const interrupted = signal?.aborted ?? false;
  return {
    passed: counts.failed === 0 && !interrupted,
    interrupted,
    startedAtMs,
    durationMs: elapsedMs(clock, beganMs),
    counts,
    verifiers: reports,
  };
}

/** What was answered, or why nothing was. */
interface Answer {
  readonly findings: readonly Finding[];
  readonly code?: string | undefined;
  /** It threw, so there is nothing to add to the reason for which it was told to end. */
  readonly threw: boolean;
}

async function runVerifier(
  verifier: Verifier,
  options: RunVerifiersOptions,
  clock: Clock,
): Promise<VerifierReport> {
  const { name, about } = verifier;
  const timeoutMs = options.timeoutMs ?? verifier.timeoutMs ?? defaultTimeoutMs;
  const beganMs = clock.monotonicMs();
  const told = new AbortController();
  let lastNote: string | undefined;
  let ended = false;
  options.onBegin?.(verifier);
  const answer = answerOf(verifier, told.signal, (text) => {
    if (ended) return;
    lastNote = String(text);
    options.onNote?.(lastNote, verifier);
  });
  const limit = await firstOf(answer, timeoutMs, options.signal, clock);
  if (limit === 'time-out') told.abort(timeoutError(timeoutMs));
  if (limit === 'interrupt') told.abort(options.signal?.reason);
  // What it still says when told to end is worth more than that it was told.
  const last = limit === 'answer' ? await answer : await answerWithin(answer, clock);
  ended = true;
  const result = { name, about, durationMs: elapsedMs(clock, beganMs) };
  const said = last && !last.threw ? last.findings : [];
  if (limit === 'time-out') {
    return {
      ...result,
      code: 'UNITE_OPS_VERIFY_TIMEOUT',
      findings: [...said, timedOut(verifier, timeoutMs, lastNote)],
    };
  }
  if (limit === 'interrupt') {
    return { ...result, findings: said.length > 0 ? said : [skipped(verifier.name, 'was interrupted')] };
  }
  const { findings = [], code } = last ?? {};
  return { ...result, findings, ...(code !== undefined && { code }) };
}

/** Never rejects, and is never forgotten: a rejection after the time is up must not end the process. */
async function answerOf(
  verifier: Verifier,
  signal: AbortSignal,
  note: (text: string) => void,
): Promise<Answer> {
  try {
    const nonce = randomBytes(16).toString('hex');
    return {
      findings: readFindings(verifier.name, await verifier.run({ nonce, signal, note })),
      threw: false,
    };
  } catch (error) {
    return {
      findings: [{ subject: verifier.name, status: 'failed', detail: errorLine(error) }],
      code: describeError(error).code,
      threw: true,
    };
  }
}

/** Which comes first. */
async function firstOf(
  answer: Promise<unknown>,
  timeoutMs: number,
  signal: AbortSignal | undefined,
  clock: Clock,
): Promise<'answer' | 'time-out' | 'interrupt'> {
  const waiting = new AbortController();
  const stop = () => waiting.abort();
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted) stop();
  try {
    return await Promise.race([
      answer.then(() => 'answer' as const),
      clock.sleep(timeoutMs, waiting.signal).then(
        () => 'time-out' as const,
        () => 'interrupt' as const,
      ),
    ]);
  } finally {
    signal?.removeEventListener('abort', stop);
    stop();
  }
}

/** The answer, if it comes within the grace. */
async function answerWithin(answer: Promise<Answer>, clock: Clock): Promise<Answer | undefined> {
  const answered = new AbortController();
  const grace = clock.sleep(graceMs, answered.signal).catch(() => {});
  const first = await Promise.race([answer, grace.then(() => undefined)]);
  answered.abort();
  return first;
}

function timeoutError(timeoutMs: number): OpsError {
  return new OpsError('UNITE_OPS_VERIFY_TIMEOUT', `did not end within ${timeoutMs.toLocaleString('en')} ms`);
}

function timedOut(verifier: Verifier, timeoutMs: number, lastNote: string | undefined): Finding {
  const waitedFor = lastNote === undefined ? '' : `; the last it said: ${lastNote}`;
  return failed(
    verifier.name,
    `${errorLine(timeoutError(timeoutMs))}${waitedFor}`,
    'Look at what it waits for, or give it more time with timeoutMs.',
  );
}

function notBegun(verifier: Verifier): VerifierReport {
  const { name, about } = verifier;
  return {
    name,
    about,
    durationMs: 0,
    findings: [skipped(verifier.name, 'had not begun when the run was interrupted')],
  };
}

function countFindings(reports: readonly VerifierReport[]): FindingCounts {
  const counts = { passed: 0, warned: 0, failed: 0, skipped: 0 };
  for (const { status } of reports.flatMap(({ findings }) => findings)) counts[status] += 1;
  return counts;
}

function elapsedMs(clock: Clock, sinceMs: number): number {
  return Math.round(clock.monotonicMs() - sinceMs);
}

function checkRunOptions(options: RunVerifiersOptions): void {
  const { function: isFunction, object } = optionChecks;
  checkOptions('runVerifiers', options, {
    names: expects('a list of names', (value) => Array.isArray(value)),
    timeoutMs: timerMs,
    signal: object,
    onBegin: isFunction,
    onNote: isFunction,
    onResult: isFunction,
    clock: object,
  });
}
