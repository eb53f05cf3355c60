import type { Clock } from '@unite/core';
import { Agent, type Dispatcher, request } from 'undici';
import { describeError } from '../describe-error';
import type { ProbeAnswer, ProbeOptions } from './probe-types';

/** What came of one request. */
export interface ProbeResult {
  /** Why it failed, in a word or two; absent where it did not. */
  readonly failure?: string | undefined;
  /** From when it was due. */
  readonly latencyMs: number;
}

const mostTextBytes = 65_536;

/** Sends the requests of a probe. */
export class Prober {
  readonly #options: ProbeOptions & { readonly timeoutMs: number; readonly clock: Clock };
  readonly #agent: Agent;

  constructor(options: ProbeOptions & { readonly timeoutMs: number; readonly clock: Clock }) {
    this.#options = options;
    const { ca } = options;
    // A connection that is used again hides that no new one can be had, and breaks at no fault of the server's.
    this.#agent = new Agent({
      pipelining: 0,
      connections: null,
      ...(ca !== undefined && { connect: { ca } }),
    });
  }

  /** One request. Never rejects. */
  async ask(url: string, dueAtMs: number): Promise<ProbeResult> {
    const { clock, timeoutMs } = this.#options;
    const answered = new AbortController();
    const timeUp = new AbortController();
    clock.sleep(timeoutMs, answered.signal).then(
      () => timeUp.abort(),
      () => {},
    );
    try {
      const failure = await this.#failureOf(url, timeUp.signal);
      return { failure, latencyMs: clock.monotonicMs() - dueAtMs };
    } catch (error) {
      const failure = timeUp.signal.aborted ? 'time-out' : failureName(error);
      return { failure, latencyMs: clock.monotonicMs() - dueAtMs };
    } finally {
      answered.abort();
    }
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }

  async #failureOf(url: string, signal: AbortSignal): Promise<string | undefined> {
    const { headers = {}, isGood = hasGoodStatus } = this.#options;
    const { statusCode: status, body } = await request(url, { dispatcher: this.#agent, headers, signal });
    const text = await firstText(body);
    if (isGood({ url, status, text })) return undefined;
    return hasGoodStatus({ status }) ? `wrong answer (status ${status})` : `status ${status}`;
  }
}

function hasGoodStatus({ status }: Pick<ProbeAnswer, 'status'>): boolean {
  return status < 400;
}

/** Read to its end, since an answer that breaks off is none; kept is only its beginning. */
async function firstText(body: Dispatcher.ResponseData['body']): Promise<string> {
  const kept: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    if (bytes < mostTextBytes) kept.push(chunk.subarray(0, mostTextBytes - bytes));
    bytes += chunk.length;
  }
  return Buffer.concat(kept).toString('utf8');
}

function failureName(error: unknown): string {
  const { code, message } = describeError(error);
  return code ?? message.slice(0, 100);
}
