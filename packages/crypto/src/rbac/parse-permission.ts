/** What CASL is asked. */
export interface ParsedPermission {
  readonly action: string;
  readonly subject: string;
  /** `undefined`: for the subject as a whole. */
  readonly field: string | undefined;
}

/** Words that mean everything to CASL, so that a role would allow what nobody declared. */
const wildcards = new Set(['manage', 'all']);

/** @returns `undefined` for what is no permission */
export function parsePermission(permission: unknown): ParsedPermission | undefined {
  if (typeof permission !== 'string') return undefined;
  const [, action = '', subject = '', field] =
    /^([A-Za-z][\w-]*) ([A-Za-z][\w-]*)(?:\.([A-Za-z_][\w-]*))?$/.exec(permission) ?? [];
  if (action === '' || wildcards.has(action) || wildcards.has(subject)) return undefined;
  return { action, subject, field };
}
