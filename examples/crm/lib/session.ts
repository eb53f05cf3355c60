import type { Identity } from '@unite/core';
import { type CookieSessions, createCookieSessions } from '@unite/crypto/oauth';
import { z } from 'zod';
import type { Plan } from './plan-labels';
import type { Role } from './roles';

/** Who is signed in, where, and what the workspace pays for. */
export interface Session {
  readonly userId: string;
  readonly userName: string;
  readonly role: Role;
  readonly tenantId: string;
  readonly tenantName: string;
  readonly plan: Plan;
}

const weekMs = 7 * 86_400_000;

const sessionSchema = z.object({
  userId: z.string().min(1),
  userName: z.string().min(1),
  role: z.enum(['owner', 'manager', 'member', 'viewer']),
  tenantId: z.string().min(1),
  tenantName: z.string().min(1),
  plan: z.enum(['free', 'starter', 'pro', 'enterprise']),
});

/** The part of a session that the request context holds. */
export function identityOf(session: Session | undefined): Identity | undefined {
  return session && { tenantId: session.tenantId, userId: session.userId, plan: session.plan };
}

/** Sessions in an encrypted cookie: nobody reads one or makes one by hand. */
export function createSessions({
  secret,
  isSecure,
}: {
  readonly secret: string;
  readonly isSecure: boolean;
}): CookieSessions<Session> {
  return createCookieSessions<Session>({
    secrets: [secret],
    secure: isSecure,
    cookieName: isSecure ? '__Host-crm_session' : 'crm_session',
    idleMs: weekMs,
    absoluteMs: weekMs,
    // Sealed by an older release, perhaps, which knew other fields.
    parse: (value) => sessionSchema.safeParse(value).data,
  });
}
