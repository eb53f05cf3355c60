import type { MetricRecorder } from '../metrics/recorder-types';
import type { CheckedAiUsage } from './check-ai-usage';
import type { PricedLine } from './price-lines';
import { RisingCounter } from './rising-counter';

const nanosPerUsd = 1_000_000_000;

/** Unit of a line → value of the label `type`. */
const tokenTypes: ReadonlyMap<string, string> = new Map([
  ['inputTokens', 'input'],
  ['cachedInputTokens', 'cached_input'],
  ['outputTokens', 'output'],
  ['reasoningTokens', 'reasoning'],
  ['aiTokens', 'unknown'],
]);

const declarations = {
  cost_usd_total: {
    help: 'What was spent, in US dollars.',
    labels: ['kind', 'name', 'http_route', 'http_request_method'],
  },
  cost_refused_total: { help: 'Entries that were no cost, and are in no sum.', labels: ['source'] },
  ai_requests_total: { help: 'Calls of models.', labels: ['provider', 'model', 'feature'] },
  ai_cost_usd_total: {
    help: 'What calls of models cost, in US dollars.',
    labels: ['provider', 'model', 'feature'],
  },
  ai_tokens_total: { help: 'Tokens of models, each once.', labels: ['provider', 'model', 'type'] },
  ai_unpriced_tokens_total: { help: 'Tokens of models that have no price.', labels: ['model'] },
} as const;

/** The metrics of costs: without tenants, of which there may be any number. */
export class CostMetrics {
  readonly #recorder: MetricRecorder;
  readonly #spent: RisingCounter;
  readonly #tokens: RisingCounter;
  readonly #unpriced: RisingCounter;

  constructor(recorder: MetricRecorder) {
    this.#recorder = recorder;
    for (const [name, declared] of Object.entries(declarations)) {
      recorder.declare(name, { kind: 'counter', ...declared });
    }
    this.#spent = new RisingCounter(recorder, 'cost_usd_total', nanosPerUsd);
    this.#tokens = new RisingCounter(recorder, 'ai_tokens_total');
    this.#unpriced = new RisingCounter(recorder, 'ai_unpriced_tokens_total');
  }

  spent(kind: string, name: string, route: string, costNanoUsd: bigint): void {
    // As on the metrics of requests: the template and the method apart.
    const [, method = '', template = route] = /^([A-Z]+) (.+)$/.exec(route) ?? [];
    this.#spent.add({ kind, name, http_route: template, http_request_method: method }, costNanoUsd);
  }

  refused(source: string): void {
    this.#recorder.put('cost_refused_total', 1, { source });
  }

  /** A call of a model that the application told of. */
  used(usage: CheckedAiUsage, lines: readonly PricedLine[]): void {
    const { model, provider, feature } = usage;
    const costNanoUsd = lines.reduce((sum, line) => sum + line.costNanoUsd, 0n);
    this.#recorder.put('ai_requests_total', 1, { provider, model, feature });
    this.#recorder.put('ai_cost_usd_total', Number(costNanoUsd) / nanosPerUsd, { provider, model, feature });
    // Not by the lines: what a price book has no price for is one line, of which kinds of tokens are not told.
    const { inputTokens, cachedInputTokens, outputTokens, reasoningTokens } = usage;
    this.#countTokens(provider, model, 'inputTokens', inputTokens - cachedInputTokens);
    this.#countTokens(provider, model, 'cachedInputTokens', cachedInputTokens);
    this.#countTokens(provider, model, 'outputTokens', outputTokens - reasoningTokens);
    this.#countTokens(provider, model, 'reasoningTokens', reasoningTokens);
    for (const line of lines) this.#countUnpriced(line);
  }

  /** A line that quota charged: it knows no provider. */
  charged(line: PricedLine): void {
    const { model, unit, amount } = line;
    if (model === '') return;
    this.#countTokens('', model, unit, amount);
    this.#countUnpriced(line);
  }

  #countTokens(provider: string, model: string, unit: string, amount: number): void {
    const type = tokenTypes.get(unit);
    if (type !== undefined) this.#tokens.add({ provider, model, type }, BigInt(amount));
  }

  #countUnpriced({ model, amount, isUnpriced }: PricedLine): void {
    if (isUnpriced) this.#unpriced.add({ model }, BigInt(amount));
  }
}
