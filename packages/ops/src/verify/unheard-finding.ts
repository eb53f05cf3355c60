import type { Finding } from '@unite/core';
import { describeError } from '../describe-error';
import { failed, skipped } from './finding';
import { NoAnswerError, RunEndedError } from './within';

/**
 * Tells the ways in which nothing is heard of a server. What else went wrong is the caller's to say.
 *
 * @param error of `within`, of `node:net`, `node:http`, `node:tls` or a driver above them
 * @param phrase makes the detail of the reason, such as `refuses connections (ECONNREFUSED)`
 */
export function unheardFinding(
  subject: string,
  error: unknown,
  phrase: (reason: string) => string = (reason) => reason,
): Finding | undefined {
  // What was cut short says nothing about the server.
  if (error instanceof RunEndedError) return skipped(subject, phrase('had not answered when the run ended'));
  if (error instanceof NoAnswerError) {
    return failed(
      subject,
      phrase(`does not answer within ${error.timeoutMs} ms`),
      'Look whether it is frozen or overloaded, and whether a firewall drops the packets.',
    );
  }
  const reason = reasons[describeError(error).code ?? ''];
  return reason && failed(subject, phrase(reason.detail), reason.remedy);
}

const resolver = 'Correct the host name, or look at the resolver.';
const reasons: Readonly<Record<string, { readonly detail: string; readonly remedy: string }>> = {
  ECONNREFUSED: {
    detail: 'refuses connections (ECONNREFUSED)',
    remedy: 'Start it, or correct host and port.',
  },
  ENOTFOUND: { detail: 'has a host name that nobody knows (ENOTFOUND)', remedy: resolver },
  EAI_AGAIN: { detail: 'has a host name that could not be looked up (EAI_AGAIN)', remedy: resolver },
  EHOSTUNREACH: { detail: 'is out of reach (EHOSTUNREACH)', remedy: 'Look at the routes and the firewall.' },
  ENETUNREACH: { detail: 'is out of reach (ENETUNREACH)', remedy: 'Look at the routes and the firewall.' },
  ETIMEDOUT: {
    detail: 'does not answer (ETIMEDOUT)',
    remedy: 'Look whether the machine is up, and whether a firewall drops the packets.',
  },
};
