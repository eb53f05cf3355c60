import { cached } from './cache/cached';
import { read } from './database/unit-of-work';
import type { Plan } from './plan-labels';
import type { Role } from './roles';
import type { Session } from './session';
import { problems } from './unite';

export interface Workspace {
  readonly id: string;
  readonly name: string;
  readonly plan: Plan;
  readonly people: readonly { readonly id: string; readonly name: string; readonly role: Role }[];
}

/** The workspaces with the people who may sign in, as the start page shows them. */
export function listWorkspaces(): Promise<readonly Workspace[]> {
  return read(async (transaction) => {
    const workspaces = await transaction.selectFrom('workspaces').selectAll().orderBy('position').execute();
    const people = await transaction.selectFrom('people').selectAll().orderBy('id').execute();
    return workspaces.map(({ id, name, plan }) => ({
      id,
      name,
      plan,
      people: people.filter((person) => person.workspace_id === id),
    }));
  });
}

/** @throws ProblemError `person-not-found` */
export function findPerson(userId: string): Promise<Session> {
  return people.get(userId);
}

/** Whoever signs in has no tenant yet, so these belong to all. What changes people invalidates `person:<id>`. */
const people = cached('person', {
  scope: 'global',
  key: (userId: string) => [userId],
  tags: (userId) => [`person:${userId}`],
  memoryTtlMs: 60_000,
  remoteTtlMs: 5 * 60_000,
  load: async (userId): Promise<Session> => {
    const row = await read((transaction) =>
      transaction
        .selectFrom('people')
        .innerJoin('workspaces', 'workspaces.id', 'people.workspace_id')
        .select([
          'people.id as userId',
          'people.name as userName',
          'people.role as role',
          'workspaces.id as tenantId',
          'workspaces.name as tenantName',
          'workspaces.plan as plan',
        ])
        .where('people.id', '=', userId)
        .executeTakeFirst(),
    );
    if (!row) throw problems.error('person-not-found', { detail: 'Nobody with that id may sign in.' });
    return row;
  },
});
