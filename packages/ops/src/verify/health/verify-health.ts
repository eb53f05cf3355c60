import type { Finding, Verifier, VerifyRun } from '@unite/core';
import { checkOptions, expects, optionChecks } from '@unite/shared';
import { describeError } from '../../describe-error';
import { checkUrl } from '../check-url';
import { failed } from '../finding';
import { unheardFinding } from '../unheard-finding';
import { askHealth, type HealthAnswer } from './ask-health';
import { deliveryFindings, type Exchange, nonceHeader, notThePage } from './page-findings';
import {
  checkFindings,
  livenessFindings,
  readinessFindings,
  soundFinding,
  startupFindings,
} from './report-findings';
import type { VerifyHealthOptions } from './verify-health-types';

/** One page whose answers are the application's own. */
interface Page {
  readonly subject: string;
  /** The first of two. */
  readonly answer: HealthAnswer;
  readonly slowestMs: number;
}

/**
 * Proves that the health pages are the application's own word, and what they say. Each is asked twice, with a nonce
 * that has to come back: a cache, a file or a page of a proxy cannot know it.
 *
 * Named are targets that do not answer, redirect to a sign-in, ask for credentials, answer HTML, an earlier answer or
 * one that contradicts itself; a liveness that depends on other servers; slow answers; and each check that is down.
 *
 * @throws TypeError for options that are none
 * @example
 * verifyHealth({ url: 'http://127.0.0.1:3000', groups: ['write'] });
 */
export function verifyHealth(options: VerifyHealthOptions): Verifier {
  checkHealthOptions(options);
  const { name = 'health', timeoutMs = 3_000 } = options;
  return {
    name,
    about: 'health pages answer for themselves, in time, and what they say',
    // Two questions a page; the pages are asked together.
    timeoutMs: 2 * timeoutMs + 1_000,
    run: (run) => verify(options, run),
  };
}

async function verify(options: VerifyHealthOptions, run: VerifyRun): Promise<Finding[]> {
  const { paths = {}, groups = [], slowMs = 500 } = options;
  const { live = '/health/live', ready = '/health/ready', startup = '/health/startup' } = paths;
  run.note(`asking ${new URL(options.url).host} for its health`);
  const ask = (subject: string, path: string) => askPage(subject, path, options, run);
  const [livePage, readyPage, startupPage, ...groupPages] = await Promise.all([
    ask('liveness', live),
    ask('readiness', ready),
    ask('startup', startup),
    ...groups.map((group) => ask(`group ${group}`, `${ready}/${encodeURIComponent(group)}`)),
  ]);
  return [
    ...judge(livePage, slowMs, (answer) => livenessFindings(answer, answerOf(readyPage))),
    ...judge(readyPage, slowMs, (answer) => readinessFindings('readiness', answer, 'ready')),
    ...(isPage(readyPage) ? checkFindings(readyPage.answer) : []),
    ...judge(startupPage, slowMs, startupFindings),
    ...groupPages.flatMap((page, index) =>
      judge(page, slowMs, (answer) => readinessFindings(page.subject, answer, groups[index] as string)),
    ),
  ];
}

/** Twice, so that a cache that was filled by the first question answers the second. */
async function askPage(
  subject: string,
  path: string,
  options: VerifyHealthOptions,
  run: VerifyRun,
): Promise<Page | Finding> {
  const { url, headers = {}, timeoutMs = 3_000 } = options;
  const target = new URL(url.replace(/\/+$/, '') + path);
  const ask = async (nonce: string): Promise<Exchange> => {
    const question = { headers: { ...headers, [nonceHeader]: nonce }, timeoutMs, signal: run.signal };
    return { nonce, answer: await askHealth(target, question) };
  };
  try {
    const first = await ask(`${run.nonce}-1`);
    const second = await ask(`${run.nonce}-2`);
    const slowestMs = Math.max(first.answer.durationMs, second.answer.durationMs);
    return (
      notThePage(subject, first) ??
      notThePage(subject, second) ?? { subject, answer: first.answer, slowestMs }
    );
  } catch (error) {
    return (
      unheardFinding(subject, error) ??
      failed(
        subject,
        `cannot be asked: ${describeError(error).message}`,
        'Look at the scheme, the certificate and the proxy.',
      )
    );
  }
}

function judge(
  page: Page | Finding,
  slowMs: number,
  findings: (answer: HealthAnswer) => Finding[],
): Finding[] {
  if (!isPage(page)) return [page];
  const { subject, answer, slowestMs } = page;
  const all = [...findings(answer), ...deliveryFindings(subject, answer, slowestMs, slowMs)];
  return all.length > 0 ? all : [soundFinding(subject, answer, slowestMs)];
}

function answerOf(page: Page | Finding): HealthAnswer | undefined {
  return isPage(page) ? page.answer : undefined;
}

function isPage(page: Page | Finding): page is Page {
  return 'answer' in page;
}

function checkHealthOptions(options: VerifyHealthOptions): void {
  const path = expects(
    'a path that begins with /',
    (value) => typeof value === 'string' && value.startsWith('/'),
  );
  checkOptions(
    'verifyHealth',
    options,
    {
      url: optionChecks.string,
      paths: optionChecks.object,
      groups: expects(
        'a list of names',
        (value) => Array.isArray(value) && value.every((one) => typeof one === 'string' && one !== ''),
      ),
      headers: optionChecks.object,
      slowMs: optionChecks.positive,
      timeoutMs: optionChecks.positive,
      name: optionChecks.string,
    },
    ['url'],
  );
  checkUrl('verifyHealth', options.url, ['http:', 'https:'], 'http:// or https:// with a host');
  checkOptions('verifyHealth: paths', options.paths ?? {}, { live: path, ready: path, startup: path });
}
