import type { ErrorEvent } from '../capture/capture-types';
import type { MetricPoint } from '../metrics/metric-types';
import type { Deployment, FeedbackEvent, Sink, SinkStats } from '../sink-types';

/** Keeps what it gets, up to a bound for each kind of thing. What is over is dropped and counted. */
export class MemorySink implements Sink {
  readonly name = 'memory';
  readonly #maxKept: number;
  #errors: ErrorEvent[] = [];
  #points: MetricPoint[] = [];
  #feedback: FeedbackEvent[] = [];
  #deployments: Deployment[] = [];
  #accepted = 0;
  #dropped = 0;

  constructor(maxKept: number) {
    this.#maxKept = maxKept;
  }

  get errors(): readonly ErrorEvent[] {
    return this.#errors;
  }

  get points(): readonly MetricPoint[] {
    return this.#points;
  }

  get feedbacks(): readonly FeedbackEvent[] {
    return this.#feedback;
  }

  get deployments(): readonly Deployment[] {
    return this.#deployments;
  }

  get dropped(): number {
    return this.#dropped;
  }

  error(event: ErrorEvent): void {
    this.#keep(this.#errors, event);
  }

  metric(point: MetricPoint): void {
    this.#keep(this.#points, point);
  }

  deployment(deployment: Deployment): void {
    this.#keep(this.#deployments, deployment);
  }

  feedback(feedback: FeedbackEvent): void {
    this.#keep(this.#feedback, feedback);
  }

  stats(): SinkStats {
    const sent = this.#accepted - this.#dropped;
    return { accepted: this.#accepted, sent, queued: 0, dropped: { 'queue-full': this.#dropped } };
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Forgets what it kept. */
  reset(): void {
    this.#errors = [];
    this.#points = [];
    this.#feedback = [];
    this.#deployments = [];
    this.#accepted = 0;
    this.#dropped = 0;
  }

  #keep<Thing>(kept: Thing[], thing: Thing): void {
    this.#accepted += 1;
    if (kept.length < this.#maxKept) kept.push(thing);
    else this.#dropped += 1;
  }
}
