import { createMongoAbility, type MongoAbility, type RawRuleOf } from '@casl/ability';
import { checkOptions, optionChecks } from '@unite/shared';
import { CryptoError } from '../errors';
import { expandRoles } from './expand-roles';
import { type ParsedPermission, parsePermission } from './parse-permission';
import type {
  PermissionOf,
  RoleDeclaration,
  RoleNames,
  Roles,
  RolesOptions,
  RoleTableRow,
} from './role-types';

/**
 * Roles and what they allow, on CASL. Whatever no role names is denied, to everybody.
 *
 * @throws TypeError for a role that is malformed, extends what is no role, or itself
 * @example
 * const roles = defineRoles({
 *   roles: {
 *     viewer: { allow: ['read contacts'] },
 *     member: { extends: 'viewer', allow: ['write contacts', 'decrypt contacts.email'] },
 *   },
 * });
 * roles.require(session?.role, 'write contacts');
 * const vault = createVault({ keys, mayDecrypt: roles.mayDecrypt(() => currentSession()?.role) });
 */
export function defineRoles<const Declarations extends Readonly<Record<string, RoleDeclaration>>>(
  options: RolesOptions<Declarations>,
): Roles<PermissionOf<Declarations>> {
  checkOptions('defineRoles', options, { roles: optionChecks.object }, ['roles']);
  const permissions = expandRoles(options.roles);
  const rulesOf = new Map([...permissions].map(([name, allowed]) => [name, [...allowed].map(ruleOf)]));
  /** One for each role; what is handed out is another, which its owner may change. */
  const abilities = new Map(
    [...rulesOf].map(([name, rules]) => [name, createMongoAbility<MongoAbility>(rules)]),
  );
  return {
    names: [...permissions.keys()],
    allows,
    require(role, permission) {
      if (allows(role, permission)) return;
      throw new CryptoError('UNITE_CRYPTO_FORBIDDEN', `No role of this person allows "${permission}"`, {
        problem: { type: 'about:blank', status: 403, title: 'Forbidden', extensions: { permission } },
      });
    },
    mayDecrypt:
      (readRole) =>
      ({ table, column }) =>
        allows(readRole(), `decrypt ${table}.${column}`),
    rules,
    ability: (role) => createMongoAbility(rules(role)),
    table,
  };

  function allows(role: RoleNames, permission: string): boolean {
    const asked = parsePermission(permission);
    if (!asked) return false;
    return namesOf(role).some((name) => {
      const ability = abilities.get(name);
      return ability !== undefined && isAllowed(ability, asked);
    });
  }

  function rules(role: RoleNames): RawRuleOf<MongoAbility>[] {
    // Copies: whoever adds conditions to them changes no role.
    return namesOf(role).flatMap((name) => structuredClone(rulesOf.get(name) ?? []));
  }

  function table(): RoleTableRow[] {
    const all = new Set([...permissions.values()].flatMap((allowed) => [...allowed]));
    const names = [...permissions.keys()];
    return [...all].sort().map((permission) => ({
      permission,
      roles: names.filter((name) => allows(name, permission)),
    }));
  }
}

/** A session may hold anything: what is no text is no role. */
function namesOf(role: RoleNames): readonly string[] {
  return typeof role === 'string' ? [role] : Array.isArray(role) ? role : [];
}

/** CASL says yes to a subject of which one field is allowed; that is not the subject. */
function isAllowed(ability: MongoAbility, { action, subject, field }: ParsedPermission): boolean {
  return field === undefined
    ? ability.possibleRulesFor(action, subject).some((rule) => rule.fields === undefined)
    : ability.can(action, subject, field);
}

function ruleOf(permission: string): RawRuleOf<MongoAbility> {
  // Checked when the roles were expanded.
  const { action, subject, field } = parsePermission(permission) as ParsedPermission;
  return field === undefined ? { action, subject } : { action, subject, fields: [field] };
}
