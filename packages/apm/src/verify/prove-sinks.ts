import type { Finding, VerifyRun } from '@unite/core';
import type { IntegrityReport } from '../types';
import type { ArrivedAt, VerifyApmOptions } from './verify-types';

type SinkAccount = IntegrityReport['sinks'][number];

const flushTimeoutMs = 10_000;

/** How long between two looks at a receiver, which takes its time to show what it got. */
const lookEveryMs = 250;

/** Sends one error with the nonce through every sink, and tells what each made of it. */
export async function proveSinks(
  apm: VerifyApmOptions['apm'],
  readBack: Readonly<Record<string, ArrivedAt>>,
  run: VerifyRun,
): Promise<Finding[]> {
  run.note('an error is sent');
  const before = apm.integrity().sinks;
  if (before.length === 0) {
    return [
      {
        subject: 'sinks',
        status: 'failed',
        detail: 'there are none: what is captured goes nowhere',
        remedy: 'Give startApm sinks: sentry({ dsn }), prometheus(), datadog()',
      },
    ];
  }
  apm.captureError(new Error(`A test of \`unite verify\`: ${run.nonce}`), {
    level: 'warning',
    fingerprint: ['unite-verify'],
    tags: { 'unite.verify': run.nonce },
  });
  await apm.flush({ timeoutMs: flushTimeoutMs });
  const after = apm.integrity().sinks;
  const found = await Promise.all(
    after.map((sink) =>
      findingOf(
        sink,
        before.find(({ name }) => name === sink.name),
        readBack[sink.name],
        run,
      ),
    ),
  );
  return [...found, ...ofNoSink(readBack, after)];
}

/** A name that was mistyped would prove nothing, and look as if it did. */
function ofNoSink(readBack: object, sinks: readonly SinkAccount[]): Finding[] {
  const names = sinks.map(({ name }) => name);
  return Object.keys(readBack)
    .filter((name) => !names.includes(name))
    .map((name) => ({
      subject: `readBack ${name}`,
      status: 'failed',
      detail: `no sink is named "${name}"; there are ${names.join(', ')}`,
      remedy: 'Name each of readBack as its sink',
    }));
}

async function findingOf(
  sink: SinkAccount,
  before: SinkAccount | undefined,
  arrived: ArrivedAt | undefined,
  run: VerifyRun,
): Promise<Finding> {
  const subject = `sink ${sink.name}`;
  const reason = newReason(sink, before);
  if (reason !== undefined) {
    return { subject, status: 'failed', detail: `dropped the error: ${reason}`, remedy: remedies[reason] };
  }
  if (sink.queued > 0) {
    return { subject, status: 'failed', detail: 'the error still waits', remedy: remedies.unreachable };
  }
  if (sink.sent === before?.sent) {
    return { subject, status: 'skipped', detail: 'takes no errors' };
  }
  if (!arrived) return { subject, status: 'passed', detail: 'sent what it was given' };
  try {
    if (await arrivesAt(arrived, run)) {
      return { subject, status: 'passed', detail: 'the error was read back from the receiver' };
    }
  } catch (error) {
    return {
      subject,
      status: 'failed',
      detail: `the error was sent, and readBack failed: ${error instanceof Error ? error.message : String(error)}`,
      remedy: 'Look why the receiver cannot be asked',
    };
  }
  return {
    subject,
    status: 'failed',
    detail: 'the error was sent, and is not at the receiver',
    remedy: 'Compare where the sink sends to with where readBack looks',
  };
}

/** What was dropped since, and for what. */
function newReason(sink: SinkAccount, before: SinkAccount | undefined): keyof typeof remedies | undefined {
  const reasons = Object.keys(sink.dropped) as (keyof typeof remedies)[];
  return reasons.find((reason) => Number(sink.dropped[reason]) > (before?.dropped[reason] ?? 0));
}

const remedies = {
  'queue-full': 'The receiver is slower than what is captured: look why, or make the queue larger',
  'rate-limited': 'The receiver says to wait: look at its quota',
  refused: 'The receiver refuses it: check the DSN or the key',
  unreachable: 'Check the address of the receiver, and whether this machine may reach it',
  'too-large': 'The event is larger than the receiver takes',
  closed: 'The set-up was closed before it was verified',
} as const;

async function arrivesAt(arrived: ArrivedAt, { nonce, signal, note }: VerifyRun): Promise<boolean> {
  note('the error is looked for');
  const isOver = new Promise<false>((resolve) =>
    signal.addEventListener('abort', () => resolve(false), { once: true }),
  );
  while (!signal.aborted) {
    // What looks may never settle, and need not mind the signal.
    if (await Promise.race([arrived(nonce, signal), isOver])) return true;
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
  return false;
}
