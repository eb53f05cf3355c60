import type { Finding } from '@unite/core';
import type { HealthReport, HealthStatus } from '../../health/health-types';
import { failed, passed, warned } from '../finding';
import type { HealthAnswer } from './ask-health';
import { reportIn } from './page-findings';

/** An answer of a check that is older was not asked for by probes, in milliseconds. */
const maxAnswerAgeMs = 60_000;

type Report = Partial<HealthReport>;

/** Liveness: it says whether the process can be helped by a restart, and nothing else. */
export function livenessFindings(answer: HealthAnswer, ready: HealthAnswer | undefined): Finding[] {
  const subject = 'liveness';
  const report = reportIn(answer) as Report;
  if (answer.status !== 200) {
    const although = ready?.status === 200 ? ' although it is ready' : '';
    return [
      failed(
        subject,
        `answers ${answer.status}${although}: the process is restarted for that`,
        'Let liveness answer 200 while the event loop runs, and leave the rest to readiness.',
      ),
    ];
  }
  if (report.status !== 'up') return [lie(subject, `answers 200 and says ${report.status}`)];
  const checks = Object.keys(report.checks ?? {});
  if (checks.length === 0) return [];
  return [
    warned(
      subject,
      `depends on ${checks.slice(0, 5).join(', ')}: an outage there restarts every process`,
      'Leave checks to readiness.',
    ),
  ];
}

/** Startup: it has come to its end. */
export function startupFindings(answer: HealthAnswer): Finding[] {
  const { state } = reportIn(answer) as Report;
  const subject = 'startup';
  if (answer.status === 200)
    return state === 'starting' ? [lie(subject, 'answers 200 and says starting')] : [];
  return [
    failed(
      subject,
      `answers ${answer.status}, its state is ${state ?? 'unknown'}`,
      'Look what `onStart` waits for, and into the log.',
    ),
  ];
}

/** Readiness, of everything or of one group, and the checks that matter to it. */
export function readinessFindings(subject: string, answer: HealthAnswer, group: string): Finding[] {
  const report = reportIn(answer) as Report;
  // Without details there is only the status of what was asked for.
  const status = report.groups ? report.groups[group] : report.status;
  if (status === undefined) {
    return [
      failed(
        subject,
        `says nothing of the group "${group}"`,
        `Give a check this group, or take "${group}" out of \`groups\`.`,
      ),
    ];
  }
  if (answer.status === 200 && status === 'down') return [lie(subject, 'answers 200 and says down')];
  if (answer.status !== 200 && status !== 'down') {
    return [lie(subject, `answers ${answer.status} and says ${status}`)];
  }
  if (answer.status === 200) return [];
  const down = Object.entries(report.checks ?? {}).filter(([, check]) => check.groups?.[group] === 'down');
  const because =
    down.length > 0 ? `because of ${down.map(([name]) => name).join(', ')}` : `while ${report.state}`;
  return [
    failed(
      subject,
      `is down (${answer.status}) ${because}`,
      down.length > 0
        ? 'Mend what the failed checks name.'
        : 'Wait until it has started, or send requests elsewhere.',
    ),
  ];
}

/** Each check that is not up, or of which an old answer is told. */
export function checkFindings(answer: HealthAnswer): Finding[] {
  const { checks = {} } = reportIn(answer) as Report;
  return Object.entries(checks)
    .slice(0, 50)
    .flatMap(([name, { status, groups = {}, detail, ageMs = 0 }]) => {
      const subject = `check ${name}`;
      if (ageMs > maxAnswerAgeMs) {
        return [
          warned(
            subject,
            `its answer is ${Math.round(ageMs / 1_000)} s old`,
            'Look whether the check hangs, and lower its maxAgeMs.',
            { ageMs: Math.round(ageMs) },
          ),
        ];
      }
      if (status === 'up') return [];
      const text = `is ${status}${detail ? `: ${detail}` : ''}`;
      const remedy = 'Look at what it checks, and at the log of the application.';
      return [groups.ready === 'down' ? failed(subject, text, remedy) : warned(subject, text, remedy)];
    });
}

/** What a page proves when nothing is wrong with it. */
export function soundFinding(subject: string, answer: HealthAnswer, answeredAfterMs: number): Finding {
  const { checks } = reportIn(answer) as { checks?: Readonly<Record<string, { status: HealthStatus }>> };
  const count = Object.keys(checks ?? {}).length;
  const of = checks ? `, ${count} ${count === 1 ? 'check' : 'checks'}` : '';
  return passed(subject, `answers ${answer.status} with the nonce${of}`, { answeredAfterMs });
}

function lie(subject: string, detail: string): Finding {
  return failed(
    subject,
    detail,
    'Let status and body come from one report: probes read the status, people the body.',
  );
}
