import type { MongoAbility, RawRuleOf } from '@casl/ability';
import type { VaultOptions } from '../types';

/** `write contacts`, or for one field of the subject `decrypt contacts.email`. */
export type PermissionName = `${string} ${string}`;

/** One role. */
export interface RoleDeclaration {
  /** Roles whose permissions it has, too. */
  readonly extends?: string | readonly string[] | undefined;
  /** What it allows. A permission for a subject is one for each of its fields, and never the other way round. */
  readonly allow: readonly PermissionName[];
}

/** Options of `defineRoles`. */
export interface RolesOptions<
  Declarations extends Readonly<Record<string, RoleDeclaration>> = Readonly<Record<string, RoleDeclaration>>,
> {
  readonly roles: Declarations;
}

/** The permissions that some role names, and those for fields of what they name. */
export type PermissionOf<Declarations extends Readonly<Record<string, RoleDeclaration>>> =
  | Declarations[keyof Declarations]['allow'][number]
  | `${Declarations[keyof Declarations]['allow'][number]}.${string}`;

/** Somebody's role, or several. Nobody's, and names that are no roles, allow nothing. */
export type RoleNames = string | readonly string[] | undefined;

/** Who may do what. */
export interface Roles<Permission extends string = PermissionName> {
  /** The roles' names, in the order of their declaration. */
  readonly names: readonly string[];
  allows(role: RoleNames, permission: Permission): boolean;
  /** @throws CryptoError `UNITE_CRYPTO_FORBIDDEN` (403), naming the permission */
  require(role: RoleNames, permission: Permission): void;
  /**
   * For `createVault`: reads `contacts.email` only for those with `decrypt contacts.email`, or `decrypt contacts`.
   * What runs for nobody, such as a job, needs a role of its own.
   */
  mayDecrypt(readRole: () => RoleNames): NonNullable<VaultOptions['mayDecrypt']>;
  /** CASL's own rules, to add conditions to: `createMongoAbility([...roles.rules(role), …])`. */
  rules(role: RoleNames): RawRuleOf<MongoAbility>[];
  /** An ability of CASL, for its own tools. Without a field it says yes where any field is allowed; `allows` does not. */
  ability(role: RoleNames): MongoAbility;
  /** Who may do what, for docs and reviews: inherited permissions included, in alphabetical order. */
  table(): RoleTableRow[];
}

/** One permission, and the roles that allow it. */
export interface RoleTableRow {
  readonly permission: string;
  readonly roles: readonly string[];
}
