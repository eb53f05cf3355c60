import type { CommandResult, CommandRun, UniteCommand } from '@unite/core';
import type { TenantKeysStatus } from '../../types';
import type { RootKey } from '../key-types';
import type { KeysCommandOptions } from '../keys-command-types';
import { describeReport, forEachTenant } from './for-each-tenant';

/** `unite keys status` */
export function keysStatus(options: KeysCommandOptions): UniteCommand {
  return {
    name: 'keys status',
    about: 'show root keys, and how many data keys are under which',
    options: { tenant: { type: 'string', about: 'the data keys of this tenant' } },
    async run(run) {
      const { tenant } = run.options as Partial<Record<string, string>>;
      return tenant === undefined ? statusOfAll(options, run) : statusOfOne(options, tenant);
    },
  };
}

async function statusOfOne({ vault }: KeysCommandOptions, tenantId: string): Promise<CommandResult> {
  const status = await vault.keys.describe(tenantId);
  if (!status) return { text: `Tenant ${tenantId} has no keys.`, data: { tenantId, keys: [] }, exitCode: 1 };
  const { keys, shreddedAtMs } = status;
  const lines = keys.map(
    (key) =>
      `  ${key.keyId}  ${key.isPrimary ? 'primary ' : 'previous'}  made ${dayOf(key.createdAtMs)}, under root key ${key.rootKeyId}`,
  );
  const head =
    shreddedAtMs === undefined
      ? `Tenant ${tenantId} has ${keys.length} data keys:`
      : `The keys of tenant ${tenantId} were destroyed on ${dayOf(shreddedAtMs)}.`;
  return { text: [head, ...lines].join('\n'), data: status };
}

async function statusOfAll({ vault, keys }: KeysCommandOptions, run: CommandRun): Promise<CommandResult> {
  const rootKeys = await keys?.rootKeys?.({ signal: run.signal });
  const counts = { shredded: 0, dataKeys: 0, dataKeysByRootKey: new Map<string, number>() };
  const report = await forEachTenant(vault, run, async (tenantId) => {
    count(counts, await vault.keys.describe(tenantId));
  });
  const dataKeysByRootKey = Object.fromEntries([...counts.dataKeysByRootKey].sort());
  const data = {
    provider: vault.status().provider,
    rootKeys,
    tenants: report.tenants,
    shreddedTenants: counts.shredded,
    dataKeys: counts.dataKeys,
    dataKeysByRootKey,
  };
  const roots = (rootKeys ?? []).map((key) => describeRoot(key, dataKeysByRootKey[key.id] ?? 0));
  const tenants = `${report.tenants} tenants, ${counts.shredded} of them with destroyed keys; ${counts.dataKeys} data keys`;
  return {
    text: [`Root keys of ${data.provider}:`, ...roots, tenants, ...describeReport(report)].join('\n'),
    data,
    exitCode: report.failed > 0 || report.isInterrupted ? 1 : 0,
  };
}

interface Counts {
  shredded: number;
  dataKeys: number;
  readonly dataKeysByRootKey: Map<string, number>;
}

function count(counts: Counts, status: TenantKeysStatus | undefined): void {
  if (status?.shreddedAtMs !== undefined) counts.shredded += 1;
  for (const { rootKeyId } of status?.keys ?? []) {
    counts.dataKeys += 1;
    counts.dataKeysByRootKey.set(rootKeyId, (counts.dataKeysByRootKey.get(rootKeyId) ?? 0) + 1);
  }
}

function describeRoot({ id, state, createdAtMs }: RootKey, dataKeys: number): string {
  const made = createdAtMs === undefined ? '' : `, made ${dayOf(createdAtMs)}`;
  return `  ${id}  ${state}${made}: ${dataKeys} data keys`;
}

function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}
