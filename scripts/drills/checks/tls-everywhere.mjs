import { checkTlsPosture, httpsHop, pgHop, pgReplicationHop, redisHop } from '@unite/crypto/tls';
import pg from 'pg';
import { startStack } from '../../stack/start-stack.mjs';
import { verdict } from '../scene/verdict.mjs';

/** @type {import('../scene/start-scene.mjs').SceneDrill} */
export const tlsEverywhere = {
  name: 'tls',
  about: 'The same stack with TLS: each hop is asked which versions it speaks.',
  timeoutMs: 5 * 60_000,
  async run(_, { note, score, signal, undo }) {
    const stack = await startStack({ apps: ['crm'], copies: 1, tls: true, onProgress: note, signal });
    undo(() => stack.close());
    const { crm } = stack.apps;
    const { ca } = stack.certificates ?? {};
    if (!crm || !ca) throw new Error('The stack has no TLS');
    /** @type {import('@unite/services').PostgresCluster} */
    const postgres = stack.postgres;
    const nodes = postgres.nodes.map(({ url }) => ({ url, ca, Client: pg.Client }));
    const hops = await checkTlsPosture({
      hops: [
        httpsHop({ url: crm.url, ca, from: 'browser', name: 'HAProxy' }),
        ...crm.slots
          .filter(({ name }) => crm.copies.has(name))
          .map(({ host, port }) =>
            httpsHop({ url: `https://${host}:${port}`, ca, from: 'HAProxy', name: 'CRM' }),
          ),
        ...nodes.map((node) => pgHop(node)),
        ...nodes.map((node) => pgReplicationHop(node)),
        redisHop({ url: stack.redis.url, ca }),
      ],
    });
    const failed = hops.filter(({ status }) => status !== 'passed');
    const names = failed.map(({ from, to, status }) => `${from} to ${to}: ${status}`);
    score(
      verdict(
        'TLS 1.3 on every hop',
        failed.length === 0 && hops.length > 0,
        failed.length === 0
          ? `${hops.length} hops: browser, HAProxy, CRM, PostgreSQL, its standbys, Redis`
          : names.join('; '),
        { hops: hops.length, failed: failed.length },
      ),
    );
  },
};
