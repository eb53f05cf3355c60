import { checkOptions, expects, optionChecks, systemClock } from '@unite/shared';
import type { NodeDiscovery, NodeOptions } from '../types';
import { fetchMembers } from './fetch-members';
import type { PatroniFetch, PatroniMember, PatroniOptions } from './types';

/**
 * Names the members of a Patroni cluster, from `GET /cluster` of its REST API. The first endpoint that answers
 * is believed, and asked first the next time. Patroni's word on roles is not: the servers are asked themselves.
 *
 * Members that are stopped are named too, since they may come back and are looked at before they are used.
 * Those tagged `noloadbalance` are left out for as long as they do not lead.
 *
 * @throws TypeError for an option that is unknown or malformed
 * @example
 * const db = createCluster({
 *   nodes: patroniNodes({
 *     endpoints: ['http://10.0.0.1:8008', 'http://10.0.0.2:8008', 'http://10.0.0.3:8008'],
 *     url: ({ address }) => `postgres://app:${env.databasePassword}@${address}/crm`,
 *   }),
 *   Pool: pg.Pool,
 * });
 */
export function patroniNodes(options: PatroniOptions): NodeDiscovery {
  checkOptions('patroniNodes', options, checks, ['endpoints', 'url']);
  const settings = {
    fetch: options.fetch ?? (fetch as PatroniFetch),
    headers: { ...options.headers },
    timeoutMs: options.timeoutMs ?? 1_000,
    clock: options.clock ?? systemClock,
  };
  let endpoints = [...options.endpoints];

  return {
    async discover(signal) {
      const members = await firstAnswer(signal);
      return members.map((member): NodeOptions => ({ name: member.name, url: options.url(member) }));
    },
  };

  async function firstAnswer(signal: AbortSignal): Promise<PatroniMember[]> {
    const failures: { endpoint: string; error: unknown }[] = [];
    for (const endpoint of endpoints) {
      try {
        const members = (await fetchMembers(endpoint, settings, signal)).filter(isForPool);
        if (members.length === 0) throw new Error('no member can be used');
        endpoints = [endpoint, ...endpoints.filter((other) => other !== endpoint)];
        return members;
      } catch (error) {
        signal.throwIfAborted();
        failures.push({ endpoint, error });
      }
    }
    throw new AggregateError(
      failures.map(({ error }) => error),
      `patroniNodes: no endpoint answered: ${failures.map(({ endpoint, error }) => `${endpoint} (${reasonOf(error)})`).join(', ')}`,
    );
  }
}

const leaders = new Set(['leader', 'promoted', 'standby_leader']);

function isForPool({ role, tags }: PatroniMember): boolean {
  return leaders.has(role) || !tags.noloadbalance;
}

/** `fetch` hides what happened in the cause. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  const { code, message: inner } = (cause ?? {}) as { code?: unknown; message?: string };
  return message === 'fetch failed' ? String(code ?? inner ?? message) : message;
}

const checks = {
  endpoints: expects(
    'a non-empty array of URLs such as http://10.0.0.1:8008, without user and password',
    (value) => Array.isArray(value) && value.length > 0 && value.every(isEndpoint),
  ),
  url: optionChecks.function,
  timeoutMs: optionChecks.positive,
  headers: optionChecks.object,
  fetch: optionChecks.function,
  clock: optionChecks.object,
};

function isEndpoint(value: unknown): boolean {
  if (typeof value !== 'string' || !/^https?:\/\//.test(value) || !URL.canParse(value)) return false;
  const { username, password } = new URL(value);
  return username === '' && password === '';
}
