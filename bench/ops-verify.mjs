/**
 * Whether `unite verify` names what is broken, and nothing else: PostgreSQL with two replicas, Redis, TLS and an
 * application's health pages are set up, then one thing at a time is broken on purpose and mended.
 *
 * node ops-verify.mjs [--quick]   (build the packages first; the short form is the same)
 */
import { randomBytes } from 'node:crypto';
import { Report } from './lib/report.mjs';
import { breaks } from './ops-verify/breaks.mjs';
import { startSetUp } from './ops-verify/set-up.mjs';

const setUp = await startSetUp();
const report = new Report({
  title: 'What `unite verify` names',
  subject: 'ops',
  about:
    'PostgreSQL with two replicas, Redis, TLS and an application’s health pages are set up, then one thing at a time is broken on purpose and mended: it has to be named, and nothing else.',
});
const rows = [];
try {
  const sound = await verify();
  rows.push(['nothing is broken', told(sound.findings), sound.durationMs]);
  report.claim('a sound set-up has nothing failed', failedIn(sound.findings).length === 0);
  for (const { name, subjects, begin } of breaks) {
    const mend = await begin(setUp);
    const { findings, durationMs } = await verify();
    await mend?.();
    rows.push([name, told(findings), durationMs]);
    const named = failedIn(findings).map(({ subject }) => subject);
    report.claim(`named, and nothing else: ${name}`, sameNames(named, subjects), {
      figure: named.join(', '),
    });
  }
} finally {
  await setUp.close();
}
report.table('One thing broken at a time', ['broken', 'what `unite verify` says', 'ms'], rows);
report.end();

/** All verifiers, one after the other as the command line runs them. */
async function verify() {
  const startMs = performance.now();
  const findings = [];
  for (const verifier of setUp.verifiers()) {
    const signal = AbortSignal.timeout(verifier.timeoutMs);
    const nonce = randomBytes(16).toString('hex');
    findings.push(...(await verifier.run({ nonce, signal, note: () => {} })));
  }
  return { findings, durationMs: Math.round(performance.now() - startMs) };
}

function failedIn(findings) {
  return findings.filter(({ status }) => status === 'failed');
}

function told(findings) {
  const failed = failedIn(findings);
  if (failed.length === 0) return `${findings.length} findings, none failed`;
  return failed.map(({ subject, detail }) => `**${subject}** ${detail}`).join('<br>');
}

function sameNames(some, others) {
  return JSON.stringify(some.toSorted()) === JSON.stringify(others.toSorted());
}
