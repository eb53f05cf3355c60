import { Memo } from '../memo';
import type {
  AdjustCall,
  DecideCall,
  DecideReply,
  InstallCall,
  QuotaStore,
  ReadCall,
  ReadReply,
  SettleCall,
  SettleReply,
} from '../store/store-types';
import { layoutOf } from './layout';
import type { RedisCalls, ScriptReply } from './redis-calls';
import { keyText, RedisKeys } from './redis-keys';
import { adjustScript } from './scripts/adjust-script';
import { decideScript } from './scripts/decide-script';
import { installScript } from './scripts/install-script';
import { readScript } from './scripts/read-script';
import { settleScript } from './scripts/settle-script';

/** Subjects whose keys are remembered. */
const maxNames = 10_000;
const none: readonly number[] = Object.freeze([]);

/** Each operation is one script; this is what they are told, and what their numbers mean. */
export class RedisQuotaStore implements QuotaStore {
  readonly isLocal = false;
  readonly #calls: RedisCalls;
  readonly #keys: Memo<RedisKeys>;

  constructor(calls: RedisCalls, namespace: string) {
    this.#calls = calls;
    this.#keys = new Memo(maxNames, (subject) => new RedisKeys(namespace, subject));
  }

  decide(call: DecideCall): Promise<DecideReply> {
    const { limits, hold, event } = call;
    const { opening, counters, leased } = layoutOf(limits);
    const keys = this.#keys.of(call.subject);
    const script = decideScript(call.isLedgered, hold !== undefined, event !== undefined, leased.length > 0);
    const names = [keys.state];
    if (hold) names.push(keys.hold(hold.id));
    if (event) names.push(keys.event(event.id));
    for (const counter of leased) names.push(keys.leases(counter));
    // As JSON has it.
    const told = `${opening},${call.amounts.join()},${wholeMs(call.keepMs)}${hold || event ? further(call, counters) : ''}]`;
    return this.#calls.run(script, names, told, (reply) => decideReply(reply, limits.length));
  }

  settle(call: SettleCall): Promise<SettleReply> {
    const { opening, counters, leased } = layoutOf(call.limits);
    const keys = this.#keys.of(call.subject);
    const names = [keys.state, keys.hold(call.holdId), ...leased.map((counter) => keys.leases(counter))];
    const times = [wholeMs(call.keepMs), wholeMs(call.rememberMs)];
    const told = [...call.amounts, counters, keyText(call.holdId), ...times];
    const script = settleScript(leased.length > 0);
    return this.#calls.run(script, names, list(opening, told), (reply) =>
      settleReply(reply, call.limits.length),
    );
  }

  adjust(call: AdjustCall): Promise<ReadReply | { readonly outcome: 'unknown' }> {
    const { opening, leased } = layoutOf(call.limits);
    const names = this.#stateAndLeases(call.subject, leased);
    const script = adjustScript(call.isLedgered, leased.length > 0);
    const told = [...call.amounts, wholeMs(call.keepMs)];
    return this.#calls.run(script, names, list(opening, told), readReply);
  }

  read(call: ReadCall): Promise<ReadReply | { readonly outcome: 'unknown' }> {
    const { opening, leased } = layoutOf(call.limits);
    const names = this.#stateAndLeases(call.subject, leased);
    const script = readScript(call.isLedgered, leased.length > 0);
    return this.#calls.run(script, names, `${opening}]`, readReply);
  }

  install(call: InstallCall): Promise<{ readonly outcome: 'installed' | 'outdated' }> {
    const { opening } = layoutOf(call.limits);
    const names = this.#stateAndLeases(call.subject, []);
    const told = [...call.used, call.epoch, wholeMs(call.keepMs)];
    return this.#calls.run(installScript(), names, list(opening, told), ([outcome]) => ({
      outcome: outcome === 0 ? 'installed' : 'outdated',
    }));
  }

  close(): Promise<void> {
    return this.#calls.close();
  }

  #stateAndLeases(subject: string, leased: readonly string[]): string[] {
    const keys = this.#keys.of(subject);
    return [keys.state, ...leased.map((counter) => keys.leases(counter))];
  }
}

/** What a decision is told of its hold and its event. */
function further({ hold, event, isLedgered }: DecideCall, counters: string): string {
  const told: (number | string)[] = [];
  if (hold) {
    const { id, expiresInMs, rememberMs } = hold;
    told.push(expiresInMs, wholeMs(expiresInMs + rememberMs), keyText(id), counters, Number(isLedgered));
  }
  if (event) told.push(event.fingerprint, wholeMs(event.rememberMs));
  return `,${JSON.stringify(told).slice(1, -1)}`;
}

/** All that a script is told, in one word. */
function list(opening: string, further: readonly (number | string)[]): string {
  return `${opening},${JSON.stringify(further).slice(1)}`;
}

function decideReply(reply: ScriptReply, count: number): DecideReply {
  const [outcome, nowUs = 0, epoch = 0, holdsUntilUs = 0] = reply;
  if (outcome === 1) return { outcome: 'period', nowUs };
  if (outcome === 2) return { outcome: 'unknown' };
  if (outcome === 4) return { outcome: 'reused' };
  const values = reply.slice(4, 4 + count);
  if (outcome === 3) return { outcome: 'repeated', nowUs, values };
  const refused = reply.length > 4 + count ? reply.slice(4 + count) : none;
  return { outcome: 'decided', nowUs, refused, values, epoch, holdsUntilUs };
}

function settleReply(reply: ScriptReply, count: number): SettleReply {
  const [outcome, isLate, epoch = 0] = reply;
  if (outcome === 2) return { outcome: 'unknown' };
  if (outcome === 3) return { outcome: 'repeated' };
  const end = 3 + count;
  return {
    outcome: 'settled',
    isLate: isLate === 1,
    values: reply.slice(3, end),
    added: reply.slice(end),
    epoch,
  };
}

function readReply(reply: ScriptReply): ReadReply | { readonly outcome: 'unknown' } {
  const [outcome, nowUs = 0, epoch = 0] = reply;
  if (outcome === 2) return { outcome: 'unknown' };
  return { outcome: 'read', nowUs, epoch, values: reply.slice(3) };
}

/** Redis keeps nothing for less than a millisecond, and for no part of one. */
function wholeMs(ms: number): number {
  return Math.max(1, Math.ceil(ms));
}
