import { write } from '../database/unit-of-work';
import type { Session } from '../session';
import type { SendJob } from './send-queue';

/**
 * Who had a campaign sent, as they are now: a role that was changed since counts as changed, and who has left may do no
 * more than a viewer. Asked of the primary, since a replica may not have heard.
 */
export async function findSender({ tenantId, userId }: SendJob): Promise<Session> {
  const { userName, role, ...workspace } = await write((transaction) =>
    transaction
      .selectFrom('workspaces')
      .leftJoin('people', (join) =>
        join.onRef('people.workspace_id', '=', 'workspaces.id').on('people.id', '=', userId),
      )
      .select([
        'workspaces.name as tenantName',
        'workspaces.plan as plan',
        'people.name as userName',
        'people.role as role',
      ])
      .where('workspaces.id', '=', tenantId)
      .executeTakeFirstOrThrow(),
  );
  return { tenantId, userId, userName: userName ?? userId, role: role ?? 'viewer', ...workspace };
}
