import { type Span, SpanStatusCode } from '@opentelemetry/api';
import { AnswerFacts } from './answer-facts';
import { errorType, isAbort } from './error-type';
import { general, uniteAi } from './gen-ai-attributes';

/** Why an answer was not read to its end. */
export type EarlyEnd = 'break' | 'abort' | 'unread';

/**
 * The span of one call, from the request to the end of the answer. Ends once; what comes later is ignored. No method
 * throws: a call must not fail because it is traced.
 */
export class AiCall {
  readonly #span: Span;
  readonly #facts = new AnswerFacts();
  readonly #startedAtMs = performance.now();
  #firstChunkAtMs: number | undefined;
  /** Of the machine's clock: the end of an answer that nobody reads is known late. */
  #seenAtMs = Date.now();
  #isEnded = false;

  constructor(span: Span) {
    this.#span = span;
  }

  /** An answer, which came whole. */
  answer(value: unknown): void {
    this.#learn(value);
    this.end();
  }

  /** An event of a stream. */
  chunk(event: unknown): void {
    this.#firstChunkAtMs ??= performance.now();
    this.#seenAtMs = Date.now();
    this.#learn(event);
  }

  /** The headers of the answer are there; its body may never be read. */
  responded(): void {
    this.#seenAtMs = Date.now();
  }

  /** Messages of providers may quote the prompt, so nothing of them is kept. */
  fail(error: unknown): void {
    const isTakenBack = isAbort(error);
    if (!isTakenBack) this.#facts.failure = errorType(error);
    this.end(isTakenBack ? 'abort' : undefined);
  }

  end(early?: EarlyEnd): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    unread.unregister(this);
    this.#span.setAttributes(this.#facts.attributes());
    if (this.#firstChunkAtMs !== undefined) {
      this.#span.setAttribute(uniteAi.firstChunkMs, this.#firstChunkAtMs - this.#startedAtMs);
    }
    if (early) this.#span.setAttribute(uniteAi.endedBy, early);
    if (this.#facts.failure !== undefined) {
      this.#span.setAttribute(general.errorType, this.#facts.failure);
      this.#span.setStatus({ code: SpanStatusCode.ERROR });
    }
    this.#span.end(early === 'unread' ? this.#seenAtMs : undefined);
  }

  /** Ends the call when `answer`, which the caller may never read, is collected as garbage. */
  endWith(answer: object): void {
    if (!this.#isEnded) unread.register(answer, this, this);
  }

  #learn(part: unknown): void {
    try {
      this.#facts.learn(part);
    } catch {
      // An answer with a getter that throws tells nothing.
    }
  }
}

const unread = new FinalizationRegistry<AiCall>((call) => call.end('unread'));
