import { describeValue } from '@unite/shared';
import { parsePermission } from './parse-permission';
import type { RoleDeclaration } from './role-types';

/**
 * The permissions of each role with those that it inherits.
 *
 * @throws TypeError that names the role, for a malformed permission, a parent that is no role, or a circle
 */
export function expandRoles(declarations: object): Map<string, ReadonlySet<string>> {
  const declared = new Map(Object.entries(declarations));
  const expanded = new Map<string, ReadonlySet<string>>();
  for (const name of declared.keys()) expand(name, []);
  // In the order of declaration, whatever was expanded first.
  return new Map([...declared.keys()].map((name) => [name, expanded.get(name) as ReadonlySet<string>]));

  function expand(name: string, children: readonly string[]): ReadonlySet<string> {
    const known = expanded.get(name);
    if (known) return known;
    if (children.includes(name)) throw wrong(name, `extends itself, by ${children.join(', ')}`);
    const { allow, parents } = checkRole(name, declared.get(name));
    const permissions = new Set<string>(allow);
    for (const parent of parents) {
      if (!declared.has(parent)) throw wrong(name, `extends ${describeValue(parent)}, which is no role`);
      for (const permission of expand(parent, [...children, name])) permissions.add(permission);
    }
    expanded.set(name, permissions);
    return permissions;
  }
}

function checkRole(
  name: string,
  declaration: unknown,
): { readonly allow: readonly string[]; readonly parents: readonly string[] } {
  if (!/^[A-Za-z][\w-]{0,63}$/.test(name)) {
    throw wrong(name, 'has a name with something else than letters, digits, hyphens and underscores');
  }
  if (typeof declaration !== 'object' || declaration === null || Array.isArray(declaration)) {
    throw wrong(
      name,
      `must be an object such as { allow: ["read contacts"] }, got ${describeValue(declaration)}`,
    );
  }
  const { allow, extends: parents = [], ...others } = declaration as Partial<RoleDeclaration>;
  const [other] = Object.keys(others);
  if (other !== undefined) throw wrong(name, `has an unknown member "${other}"`);
  if (!Array.isArray(allow)) throw wrong(name, `must have a list "allow", got ${describeValue(allow)}`);
  for (const permission of allow) {
    if (!parsePermission(permission)) {
      throw wrong(
        name,
        `must allow permissions such as "write contacts" or "decrypt contacts.email", without "manage" and "all", got ${describeValue(permission)}`,
      );
    }
  }
  if (typeof parents === 'string') return { allow, parents: [parents] };
  if (!Array.isArray(parents))
    throw wrong(name, `must extend a role or a list, got ${describeValue(parents)}`);
  return { allow, parents };
}

function wrong(role: string, what: string): TypeError {
  return new TypeError(`defineRoles: role ${describeValue(role)} ${what}`);
}
