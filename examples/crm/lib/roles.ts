/** What a person may do in a workspace. */
export type Role = 'owner' | 'manager' | 'member' | 'viewer';

export type Permission = 'contacts.write' | 'contacts.readEmail' | 'campaigns.write' | 'ops.read';

const wholeWorkspace: readonly Permission[] = ['contacts.write', 'contacts.readEmail', 'campaigns.write'];

const permissions: Readonly<Record<Role, readonly Permission[]>> = {
  owner: [...wholeWorkspace, 'ops.read'],
  manager: wholeWorkspace,
  member: ['contacts.write', 'contacts.readEmail'],
  viewer: [],
};

export function roleAllows(role: Role, permission: Permission): boolean {
  return permissions[role].includes(permission);
}
