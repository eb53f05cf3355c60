import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OperationsCheck } from './check-types';
import { runProgram } from './run-program';
import { withFolder } from './with-folder';

/** What units of ours may say: systemd passes over what it does not know. */
const known: Readonly<Record<string, readonly string[]>> = {
  Unit: ['Description', 'After', 'Wants', 'StartLimitIntervalSec', 'StartLimitBurst'],
  Service: [
    ...['Type', 'User', 'Group', 'WorkingDirectory', 'EnvironmentFile', 'Environment', 'ExecStart'],
    ...['Restart', 'RestartSec', 'KillSignal', 'KillMode', 'TimeoutStopSec', 'StateDirectory'],
    ...['StateDirectoryMode', 'LimitNOFILE', 'MemoryMax', 'TasksMax', 'NoNewPrivileges', 'ProtectSystem'],
    ...['ProtectHome', 'PrivateTmp', 'PrivateDevices', 'ProtectClock', 'ProtectHostname'],
    ...['ProtectKernelLogs', 'ProtectKernelModules', 'ProtectKernelTunables', 'ProtectControlGroups'],
    ...['ProtectProc', 'RestrictAddressFamilies', 'RestrictNamespaces', 'RestrictRealtime'],
    ...['RestrictSUIDSGID', 'LockPersonality', 'CapabilityBoundingSet', 'AmbientCapabilities'],
    ...['SystemCallArchitectures', 'SystemCallFilter', 'UMask'],
  ],
  Install: ['WantedBy'],
};

export const checkSystemd: OperationsCheck = {
  name: 'systemd units',
  by: 'a list of directives, and systemd-analyze verify where there is one',
  async run(operations) {
    const folder = join(operations, 'templates/systemd');
    const units = readdirSync(folder);
    const complaints = await Promise.all(
      units.map(async (unit) => {
        const text = readFileSync(join(folder, unit), 'utf8');
        return [...unknownDirectives(unit, text), ...(await verify(unit, text))];
      }),
    );
    return units.length === 0 ? ['there is no unit'] : complaints.flat();
  },
};

function unknownDirectives(unit: string, text: string): readonly string[] {
  let section = '';
  return text.split('\n').flatMap((line) => {
    if (line === '' || line.startsWith('#')) return [];
    const [, begun] = /^\[(\w+)\]$/.exec(line) ?? [];
    if (begun !== undefined) section = begun;
    const [, directive] = /^(\w+)=/.exec(line) ?? [];
    const isKnown = begun !== undefined ? begun in known : known[section]?.includes(directive ?? '');
    return isKnown ? [] : [`${unit}: ${line} is unknown in [${section}]`];
  });
}

/** It fails for programs that are not installed, and only warns of directives that it does not know. */
async function verify(unit: string, text: string): Promise<readonly string[]> {
  const command = '/usr/bin/systemd-analyze';
  if (!existsSync(command)) return [];
  return withFolder(async (folder) => {
    const file = join(folder, unit.replace('@.', '@3001.'));
    writeFileSync(file, text.replace('/usr/bin/node', process.execPath));
    const { output } = await runProgram({ command }, ['verify', '--man=no', file]);
    return output
      .split('\n')
      .filter((line) => line.includes(unit.replace('@.', '@3001.')))
      .map((line) => `systemd-analyze: ${line}`);
  });
}
