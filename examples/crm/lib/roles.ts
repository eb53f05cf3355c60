/** What a person may do in a workspace. */
export type Role = 'owner' | 'manager' | 'member' | 'viewer';

export type Permission = 'contacts.write' | 'contacts.readEmail' | 'campaigns.write';

const everything: readonly Permission[] = ['contacts.write', 'contacts.readEmail', 'campaigns.write'];

const permissions: Readonly<Record<Role, readonly Permission[]>> = {
  owner: everything,
  manager: everything,
  member: ['contacts.write', 'contacts.readEmail'],
  viewer: [],
};

export function roleAllows(role: Role, permission: Permission): boolean {
  return permissions[role].includes(permission);
}
