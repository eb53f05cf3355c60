import { once } from '@unite/core/once';
import { tlsVerifier } from '@unite/crypto/tls';
import { createDashboard, type Dashboard } from '@unite/ops/dashboard';
import { apm, events } from './apm';
import { drills } from './drills/drills';
import { env } from './env';
import { tlsHops } from './ops/tls-hops';
import { roleAllows } from './roles';
import { traces } from './tracing';
import { cache, db, lifecycle, quota, sessions } from './unite';

/**
 * What happens in this process, at /ops. Owners see how the servers are, and of requests, traces and errors those of
 * their own workspace; in a demo they may break a server.
 */
export const dashboard: Dashboard = once('crm.dashboard', () =>
  createDashboard({
    authorize({ headers }) {
      const session = sessions.read(headers);
      if (!session || !roleAllows(session.role, 'read ops')) return false;
      return { tenantId: session.tenantId, mayAct: env.isDemo };
    },
    actions: env.isDemo,
    home: { href: '/contacts', label: 'Back to the CRM' },
    apm,
    errors: events,
    traces,
    cache,
    quota,
    cluster: db,
    lifecycle,
    verify: [tlsVerifier({ hops: tlsHops() })],
    drills,
  }),
);
