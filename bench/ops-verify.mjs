/**
 * Whether `unite verify` names what is broken, and nothing else: PostgreSQL with two replicas, Redis, TLS and an
 * application's health pages are set up, then one thing at a time is broken on purpose and mended.
 *
 * node ops-verify.mjs [--quick]   (build the packages first; the short form is the same)
 */
import { randomBytes } from 'node:crypto';
import { judge, table } from './lib/table.mjs';
import { breaks } from './ops-verify/breaks.mjs';
import { startSetUp } from './ops-verify/set-up.mjs';

const setUp = await startSetUp();
const claims = [];
const rows = [];
try {
  const sound = await verify();
  rows.push(['nothing is broken', told(sound.findings), sound.durationMs]);
  claims.push(['a sound set-up has nothing failed', failedIn(sound.findings).length === 0]);
  for (const { name, subjects, begin } of breaks) {
    const mend = await begin(setUp);
    const { findings, durationMs } = await verify();
    await mend?.();
    rows.push([name, told(findings), durationMs]);
    const named = failedIn(findings).map(({ subject }) => subject);
    claims.push([`named, and nothing else: ${name}`, sameNames(named, subjects)]);
  }
} finally {
  await setUp.close();
}
console.log(`${table(['broken', 'what `unite verify` says', 'ms'], rows)}\n`);
judge(claims);

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
