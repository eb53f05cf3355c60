import {
  type Context,
  context,
  isSpanContextValid,
  type SpanContext,
  type TextMapGetter,
  type TextMapSetter,
  TraceFlags,
  trace,
} from '@opentelemetry/api';
import { isTracingSuppressed } from '@opentelemetry/core';
import { RandomIdGenerator } from '@opentelemetry/sdk-trace-base';
import { checkOptions, expects, expectsEach, optionChecks } from '@unite/shared';
import type { UnitePropagator } from '../pipeline-types';
import { BaggagePolicy, baggageKey } from './baggage';
import { withClaim } from './claimed-parent';
import { isOwnSpan } from './own-spans';
import type {
  HeaderReader,
  PropagationFormat,
  PropagationOptions,
  PropagationStats,
} from './propagation-types';
import { readParent } from './read-parent';
import { headerReader, TraceHeaders } from './trace-headers';
import { formatTraceParent } from './trace-parent';

/**
 * The one propagator of a process: `startTracing` registers it, and the adapters ask it. Several formats are read, W3C
 * alone is written. Nothing that a header says makes it throw.
 *
 * Belongs together with `linkProcessor`, which links spans to the parents that are not trusted.
 *
 * @throws TypeError for an option that is unknown or malformed
 * @example
 * propagation.setGlobalPropagator(createPropagator({ baggage: { hosts: ['*.internal'] } }));
 */
export function createPropagator(options: PropagationOptions = {}): UnitePropagator {
  checkOptions('createPropagator', options, checks);
  if (options.baggage) checkOptions('createPropagator baggage', options.baggage, baggageChecks, ['hosts']);
  return new Propagator(options);
}

/** Member of `tracestate` by which our browser part says who it is. */
const stateKey = 'unite';

class Propagator implements UnitePropagator {
  readonly #formats: readonly PropagationFormat[];
  readonly #trustParent: NonNullable<PropagationOptions['trustParent']>;
  readonly #baggage: BaggagePolicy | undefined;
  readonly #ids = new RandomIdGenerator();
  readonly #malformed: Record<string, number> = {};
  #trusted = 0;
  #linked = 0;
  #browser = 0;

  constructor({ read = ['w3c', 'b3', 'jaeger'], trustParent = false, baggage }: PropagationOptions) {
    this.#formats = read;
    this.#trustParent = trustParent;
    this.#baggage = baggage && new BaggagePolicy(baggage);
  }

  receive(headers: HeaderReader, base: Context = context.active()): Context {
    return this.#received(headerReader(headers), base);
  }

  extract<Carrier>(base: Context, carrier: Carrier, getter: TextMapGetter<Carrier>): Context {
    return this.#received((name) => getter.get(carrier, name), base);
  }

  inject<Carrier>(active: Context, carrier: Carrier, setter: TextMapSetter<Carrier>): void {
    const span = trace.getSpanContext(active);
    if (!span || !isSpanContextValid(span) || isTracingSuppressed(active)) return;
    setter.set(carrier, 'traceparent', formatTraceParent(span));
    const state = span.traceState?.serialize();
    if (state) setter.set(carrier, 'tracestate', state);
    const baggage = this.#baggage?.write(active);
    if (baggage !== undefined) setter.set(carrier, 'baggage', baggage);
  }

  fields(): string[] {
    return ['traceparent', 'tracestate', 'baggage'];
  }

  stats(): PropagationStats {
    return {
      trusted: this.#trusted,
      linked: this.#linked,
      browser: this.#browser,
      malformed: { ...this.#malformed },
    };
  }

  #received(read: (name: string) => unknown, base: Context): Context {
    try {
      const headers = new TraceHeaders(read, this.#malformed);
      const parent = readParent(this.#formats, headers);
      if (parent && isOwnSpan(parent)) return trace.setSpanContext(base, withoutMark(parent));
      if (!parent && !this.#baggage) return base;
      if (!this.#trusts(read)) return parent ? this.#claimed(parent, base) : base;
      const trusted = this.#baggage?.read(headers, base) ?? base;
      if (!parent) return trusted;
      this.#trusted += 1;
      return trace.setSpanContext(trusted, withoutMark(parent));
    } catch {
      // A getter of somebody's that throws: the request goes on without a parent.
      return base;
    }
  }

  #trusts(read: (name: string) => unknown): boolean {
    if (typeof this.#trustParent === 'boolean') return this.#trustParent;
    return (
      this.#trustParent({
        get(name) {
          const value = read(name.toLowerCase());
          return value === undefined || value === null ? undefined : String(value);
        },
      }) === true
    );
  }

  #claimed(parent: SpanContext, base: Context): Context {
    if (parent.traceState?.get(stateKey) !== 'browser') {
      return withClaim(base, withoutMark(parent), () => {
        this.#linked += 1;
      });
    }
    // The browser learns the trace id from the response, so its span becomes the parent without anybody being trusted:
    // a forged one gives a parent that is never seen, inside a trace that is fresh.
    this.#browser += 1;
    return trace.setSpanContext(base, {
      traceId: this.#ids.generateTraceId(),
      spanId: parent.spanId,
      traceFlags: TraceFlags.SAMPLED,
      isRemote: true,
    });
  }
}

/** The mark is for this process alone: what is called next is not called by a browser. */
function withoutMark(parent: SpanContext): SpanContext {
  const { traceState, ...ids } = parent;
  const others = traceState?.unset(stateKey);
  return others?.serialize() ? { ...ids, traceState: others } : ids;
}

const formats: readonly unknown[] = ['w3c', 'b3', 'jaeger'];

const checks = {
  trustParent: expects(
    'true, false or a function',
    (value) => typeof value === 'boolean' || typeof value === 'function',
  ),
  read: expectsEach('a list of "w3c", "b3" and "jaeger"', (format) => formats.includes(format)),
  baggage: optionChecks.object,
};

/** A host name, an IPv4 address or an IPv6 address in brackets; a star for the names below; a port. */
const hostPattern = /^(?:(?:\*\.)?[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i;

const baggageChecks = {
  hosts: expects(
    'a list of hosts such as "inventory.internal", "localhost:4001" or "*.internal"',
    (value) =>
      Array.isArray(value) && value.every((host) => typeof host === 'string' && hostPattern.test(host)),
  ),
  keys: expects(
    'a list of tokens such as "tenant.id"',
    (value) => Array.isArray(value) && value.every((key) => typeof key === 'string' && baggageKey.test(key)),
  ),
  sendTenant: optionChecks.boolean,
};
