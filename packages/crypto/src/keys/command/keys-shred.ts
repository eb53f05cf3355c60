import type { UniteCommand } from '@unite/core';
import type { KeysCommandOptions } from '../keys-command-types';

/** `unite keys shred` */
export function keysShred({ vault }: KeysCommandOptions): UniteCommand {
  return {
    name: 'keys shred',
    about: 'destroy all keys of a tenant, so that nobody can read its data again',
    arguments: [{ name: 'tenant', about: 'whose keys' }],
    options: { yes: { type: 'boolean', about: 'do it; without, it is only said what would be done' } },
    async run({ options, arguments: given, note }) {
      const tenantId = given.tenant as string;
      const before = await vault.keys.describe(tenantId);
      // A tenant with a mistyped name would be remembered as shredded.
      if (!before) return refused(tenantId, 0, `Tenant ${tenantId} has no keys.`);
      const found = before.keys.length;
      if (before.shreddedAtMs === undefined && options.yes !== true) {
        const text = `This destroys ${found} data keys of tenant ${tenantId} for good: nothing of it can be read again, from a backup neither unless it has the keys. Add --yes to do it.`;
        return refused(tenantId, found, text);
      }
      note(`destroying the keys of tenant ${tenantId}`);
      const destroyed = await vault.keys.shred(tenantId);
      note('asking for them again');
      const after = await vault.keys.describe(tenantId);
      const isGone = after?.shreddedAtMs !== undefined && after.keys.length === 0;
      if (!isGone)
        return refused(tenantId, found, `Keys of tenant ${tenantId} are still there: run it again.`);
      return {
        text: `${destroyed} data keys of tenant ${tenantId} were destroyed; asked again, there are none. Processes that run forget theirs when their key cache's time is over. Backups of the key store still hold them.`,
        data: { tenantId, isShredded: true, destroyed, shreddedAtMs: after.shreddedAtMs },
      };
    },
  };
}

function refused(tenantId: string, dataKeys: number, text: string) {
  return { text, data: { tenantId, isShredded: false, dataKeys }, exitCode: 1 } as const;
}
