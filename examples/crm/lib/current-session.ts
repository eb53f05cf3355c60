import { requestFacts } from './request-facts';
import { type Permission, roleAllows } from './roles';
import type { Session } from './session';
import { problems } from './unite';

/**
 * Who the current request is signed in as.
 *
 * @throws ProblemError `sign-in-required`
 */
export function requireSession(): Session {
  const session = requestFacts()?.session;
  if (!session)
    throw problems.error('sign-in-required', { detail: 'Choose a person on the start page first.' });
  return session;
}

/**
 * The session, if its role allows this.
 *
 * @throws ProblemError `sign-in-required` or `forbidden`
 */
export function requirePermission(permission: Permission): Session {
  const session = requireSession();
  if (roleAllows(session.role, permission)) return session;
  const detail = `A ${session.role} may not do this in ${session.tenantName}.`;
  throw problems.error('forbidden', { detail, extensions: { permission, role: session.role } });
}
