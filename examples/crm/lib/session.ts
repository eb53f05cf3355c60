import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Identity } from '@unite/core';
import { z } from 'zod';
import { readCookie } from './cookies';
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

const sessionCookie = 'crm_session';

const dayMs = 86_400_000;
const ttlMs = 7 * dayMs;

const claims = z.object({
  userId: z.string().min(1),
  userName: z.string().min(1),
  role: z.enum(['owner', 'manager', 'member', 'viewer']),
  tenantId: z.string().min(1),
  tenantName: z.string().min(1),
  plan: z.enum(['free', 'starter', 'pro', 'enterprise']),
  expiresAtMs: z.number(),
});

/** The part of a session that the request context holds. */
export function identityOf(session: Session | undefined): Identity | undefined {
  return session && { tenantId: session.tenantId, userId: session.userId, plan: session.plan };
}

/** Demo sign-in: whoever picks a person is that person. The cookie is signed, so nobody picks one by hand. */
export function createSessions({
  secret,
  isSecure,
}: {
  readonly secret: string;
  readonly isSecure: boolean;
}) {
  return {
    /** `Set-Cookie` that signs a person in. */
    signIn(session: Session, nowMs = Date.now()): string {
      const payload = Buffer.from(JSON.stringify({ ...session, expiresAtMs: nowMs + ttlMs })).toString(
        'base64url',
      );
      return cookie(`${payload}.${signatureOf(payload)}`, ttlMs / 1000);
    },

    /** `Set-Cookie` that signs out. */
    signOut: () => cookie('', 0),

    /** The session of a request, unless its cookie is forged, altered or expired. */
    read(headers: Headers, nowMs = Date.now()): Session | undefined {
      const [payload = '', signature = ''] = (readCookie(headers, sessionCookie) ?? '').split('.');
      const expected = Buffer.from(signatureOf(payload));
      const given = Buffer.from(signature);
      if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
      // Signed by an older release, perhaps, which knew other fields.
      const { data } = claims.safeParse(JSON.parse(Buffer.from(payload, 'base64url').toString()));
      if (!data || data.expiresAtMs <= nowMs) return undefined;
      const { expiresAtMs: _, ...session } = data;
      return session;
    },
  };

  function signatureOf(payload: string): string {
    return createHmac('sha256', secret).update(`${sessionCookie}:${payload}`).digest('base64url');
  }

  function cookie(value: string, maxAgeSeconds: number): string {
    const secure = isSecure ? '; Secure' : '';
    return `${sessionCookie}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${maxAgeSeconds}${secure}`;
  }
}
