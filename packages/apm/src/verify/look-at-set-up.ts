import type { Finding } from '@unite/core';
import type { VerifyApmOptions } from './verify-types';

/** What can be told without sending anything: who is named on an error, and what was lost so far. */
export function lookAtSetUp(apm: VerifyApmOptions['apm']): Finding[] {
  return [...ofService(apm.service), ...ofIntegrity(apm.integrity())];
}

function ofService({
  name,
  release,
  environment,
  deployment,
}: VerifyApmOptions['apm']['service']): Finding[] {
  const subject = 'service';
  const missing = Object.entries({ release, environment, 'deployment.id': deployment?.id })
    .filter(([, value]) => value === undefined)
    .map(([option]) => `service.${option}`);
  if (missing.length === 0) {
    return [
      { subject, status: 'passed', detail: `errors name ${name} ${release}, deployment ${deployment?.id}` },
    ];
  }
  return [
    {
      subject,
      status: 'warned',
      detail: `errors do not say ${missing.join(', ')}`,
      remedy: `Give startApm ${missing.join(', ')}: an error without its deployment cannot be blamed on one`,
    },
  ];
}

function ofIntegrity({ lostRuns, sinks }: ReturnType<VerifyApmOptions['apm']['integrity']>): Finding[] {
  const dropped = sinks.filter((sink) => Object.values(sink.dropped).some((count) => count > 0));
  return [
    ...lostRuns.map(
      ({ processId, seenAtMs, reason = 'killed, out of memory or without power' }): Finding => ({
        subject: 'earlier run',
        status: 'warned',
        detail: `process ${processId} ended without closing, last seen ${new Date(seenAtMs).toISOString()}: ${reason}`,
        remedy: 'Look into what ended it; what it had captured and kept on disk was sent by this run',
      }),
    ),
    ...dropped.map(
      ({ name, dropped: reasons }): Finding => ({
        subject: `sink ${name}`,
        status: 'warned',
        detail: `has dropped ${Object.entries(reasons)
          .filter(([, count]) => count > 0)
          .map(([reason, count]) => `${count} (${reason})`)
          .join(', ')}`,
        remedy: 'Look whether the receiver is up and its limits are high enough',
      }),
    ),
  ];
}
