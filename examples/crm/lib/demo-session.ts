import { workspaces } from '../scripts/seed/workspaces.mjs';
import type { Plan } from './plan-labels';
import type { Role } from './roles';
import type { Session } from './session';

/**
 * Whom an API request without a session acts for in demo mode, so that `curl` works without signing in:
 * the owner of the workspace that `x-demo-workspace` names, else of the first one.
 */
export function demoSession(headers: Headers): Session | undefined {
  // A page of ours was opened by somebody. Who has signed out since must not go on as somebody else.
  if (headers.get('sec-fetch-site') === 'same-origin') return undefined;
  const wanted = headers.get('x-demo-workspace');
  const workspace = wanted === null ? workspaces[0] : workspaces.find(({ id }) => id === wanted);
  const [owner] = workspace?.people ?? [];
  if (!workspace || !owner) return undefined;
  const [name = '', role] = owner;
  return {
    userId: `${workspace.id}-${name.toLowerCase()}`,
    userName: name,
    role: role as Role,
    tenantId: workspace.id,
    tenantName: workspace.name,
    plan: workspace.plan as Plan,
  };
}
