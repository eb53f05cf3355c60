import type { Instrumentation } from '@opentelemetry/instrumentation';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { describeValue } from '@unite/shared';
import type { InstrumentationSet, PatchReport } from '../pipeline-types';
import type { InstrumentationName } from '../types';
import { AiInstrumentation } from './ai';
import { createHttpInstrumentation } from './create-http-instrumentation';
import { createPgInstrumentation } from './pg-instrumentation';
import { createIoredisInstrumentation, createRedisInstrumentation } from './redis-instrumentations';
import { UniteInstrumentation } from './unite-instrumentation';
import { watchPatches } from './watch-patches';

/**
 * By name. All of them start spans only inside a trace, and write the stable semantic conventions: these versions know
 * no others, so `OTEL_SEMCONV_STABILITY_OPT_IN` need not be set and changes nothing.
 */
const makers: Readonly<Record<InstrumentationName, (names: ReadonlySet<unknown>) => Instrumentation>> = {
  http: createHttpInstrumentation,
  'http-server': createHttpInstrumentation,
  undici: () => new UndiciInstrumentation({ requireParentforSpans: true }),
  pg: createPgInstrumentation,
  redis: createRedisInstrumentation,
  ioredis: createIoredisInstrumentation,
  ai: () => new AiInstrumentation(),
  unite: () => new UniteInstrumentation(),
};

/**
 * Makes and enables instrumentations, and watches what each of them patches.
 *
 * @throws TypeError where a name is unknown
 */
export function createInstrumentations(
  wanted: readonly (InstrumentationName | Instrumentation)[],
): InstrumentationSet {
  const entries = [...new Set(wanted)].map((one) => ({ one, make: makerOf(one) }));
  const names = new Set<unknown>(wanted);
  const made = new Map<unknown, Instrumentation>();
  const watched = entries.map(({ one, make }) => {
    const instrumentation = made.get(make) ?? make(names);
    made.set(make, instrumentation);
    const name = typeof one === 'string' ? one : instrumentation.instrumentationName;
    return { name, instrumentation };
  });
  const patches = new Map([...made.values()].map((one) => [one, reportOf(one)]));
  return {
    instrumentations: [...made.values()],
    report: () =>
      watched.map(({ name, instrumentation }) => ({
        name,
        patched: [],
        missed: [],
        ...patches.get(instrumentation)?.(),
      })),
  };
}

function makerOf(one: unknown): (names: ReadonlySet<unknown>) => Instrumentation {
  if (isInstrumentation(one)) return () => one;
  const maker =
    typeof one === 'string' && Object.hasOwn(makers, one) ? makers[one as InstrumentationName] : undefined;
  if (maker) return maker;
  const known = Object.keys(makers).join(', ');
  throw new TypeError(`instrument: unknown instrumentation ${describeValue(one)}; known are ${known}`);
}

function reportOf(instrumentation: Instrumentation): () => Omit<PatchReport, 'name'> {
  if (!(instrumentation instanceof UniteInstrumentation)) return watchPatches(instrumentation);
  return () => {
    const { isListening, nests } = instrumentation;
    const note = isListening
      ? 'no context manager that it can nest in is registered'
      : 'another one listens in this process';
    return { patched: [], missed: [], ...(isListening && nests ? {} : { note }) };
  };
}

function isInstrumentation(value: unknown): value is Instrumentation {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Partial<Instrumentation>).setTracerProvider === 'function'
  );
}
