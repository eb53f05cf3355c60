import { defineRoles } from '@unite/crypto/rbac';

/** What a person may do in a workspace. */
export type Role = 'owner' | 'manager' | 'member' | 'viewer';

/** Who may do what. The vault asks for `decrypt contacts.email` before it reads one. */
export const roles = defineRoles({
  roles: {
    viewer: { allow: [] },
    member: {
      extends: 'viewer',
      allow: ['write contacts', 'decrypt contacts.email', 'decrypt contacts.phone'],
    },
    manager: { extends: 'member', allow: ['write campaigns', 'write custom-fields'] },
    owner: { extends: 'manager', allow: ['read ops'] },
  },
});

export type Permission =
  | 'write contacts'
  | 'write campaigns'
  | 'write custom-fields'
  | 'read ops'
  | 'decrypt contacts.email'
  | 'decrypt contacts.phone';

export function roleAllows(role: Role, permission: Permission): boolean {
  return roles.allows(role, permission);
}
