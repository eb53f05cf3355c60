import type { UniteCommand } from '@unite/core';
import type { KeysCommandOptions } from '../keys-command-types';
import { describeReport, forEachTenant } from './for-each-tenant';

/** `unite keys rewrap` */
export function keysRewrap({ vault }: KeysCommandOptions): UniteCommand {
  return {
    name: 'keys rewrap',
    about: 'encrypt data keys under the primary root key',
    options: { tenant: { type: 'string', about: 'only of this tenant' } },
    async run(run) {
      const { tenant } = run.options as Partial<Record<string, string>>;
      if (tenant !== undefined) {
        const rewrapped = await vault.keys.rewrap(tenant);
        return { text: `${rewrapped} data keys were rewrapped.`, data: { tenantId: tenant, rewrapped } };
      }
      let rewrapped = 0;
      const report = await forEachTenant(vault, run, async (tenantId) => {
        const count = await vault.keys.rewrap(tenantId);
        rewrapped += count;
      });
      const head = `${rewrapped} data keys of ${report.tenants} tenants were rewrapped.`;
      return {
        text: [head, ...describeReport(report)].join('\n'),
        data: { rewrapped, ...report },
        exitCode: report.failed > 0 || report.isInterrupted ? 1 : 0,
      };
    },
  };
}
