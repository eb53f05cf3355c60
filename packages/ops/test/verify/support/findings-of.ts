import { randomBytes } from 'node:crypto';
import type { Finding, Verifier } from '@unite/core';

/** Runs a verifier as the command line does. */
export async function findingsOf(
  verifier: Verifier,
  signal: AbortSignal = new AbortController().signal,
): Promise<readonly Finding[]> {
  return await verifier.run({ nonce: randomBytes(16).toString('hex'), signal, note: () => undefined });
}

/** The findings of one subject. */
export async function findingsAbout(subject: string, verifier: Verifier): Promise<readonly Finding[]> {
  return (await findingsOf(verifier)).filter((finding) => finding.subject === subject);
}

/** What a run came to, in short. */
export function statuses(findings: readonly Finding[]): Readonly<Record<string, Finding['status']>> {
  return Object.fromEntries(findings.map(({ subject, status }) => [subject, status]));
}
