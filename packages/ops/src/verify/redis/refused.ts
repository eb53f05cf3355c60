import type { Finding } from '@unite/core';
import { describeError } from '../../describe-error';
import { failed } from '../finding';
import { unheardFinding } from '../unheard-finding';
import { CommandError } from './redis-session';

/** What to do about the errors by which a server refuses, by the word that they begin with. */
const refusals: Readonly<Record<string, readonly [detail: string, remedy: string]>> = {
  READONLY: [
    'is refused by a read-only replica',
    'Connect to the primary: by Sentinel, by the cluster, or by a name that follows a failover.',
  ],
  NOAUTH: ['is refused without a password (NOAUTH)', 'Give the password, in the URL or the options.'],
  WRONGPASS: [
    'is refused with this password (WRONGPASS)',
    'Give the right user and password, and look whether they were rotated.',
  ],
  NOPERM: [
    'is not allowed to this user (NOPERM)',
    'Allow it with ACL SETUSER: the commands set, get, eval and del, and the keys of `namespace`.',
  ],
  OOM: [
    'is refused because memory is full (OOM)',
    'Raise maxmemory, or for a cache set maxmemory-policy to allkeys-lfu.',
  ],
  MISCONF: [
    'is refused because the last save to disk failed (MISCONF)',
    'Look at the disk and into the log: writes come back when a save succeeds.',
  ],
  MOVED: ['is answered by MOVED: this is a cluster', 'Use a client for clusters.'],
  CLUSTERDOWN: [
    'is refused because the cluster is down (CLUSTERDOWN)',
    'Look at CLUSTER INFO: slots without a master are not served.',
  ],
  MASTERDOWN: [
    'is refused by a replica that has lost its primary (MASTERDOWN)',
    'Start the primary, or let Sentinel promote the replica.',
  ],
  LOADING: [
    'is refused while its data is loaded (LOADING)',
    'Wait until it is loaded, and look why it restarted.',
  ],
  NOREPLICAS: [
    'is refused because too few replicas follow (NOREPLICAS)',
    'Start the replicas that min-replicas-to-write asks for.',
  ],
};

/** A command that failed, as a finding that names it. */
export function refusedFinding(subject: string, error: unknown): Finding {
  const { command, reason, address } =
    error instanceof CommandError ? error : new CommandError('connect', error, undefined);
  const text = describeError(reason).message;
  // Errors of scripts and of connections wrap the server's word.
  const word = Object.keys(refusals).find((one) => new RegExp(`\\b${one}\\b`).test(text));
  const refusal = word === undefined ? undefined : refusals[word];
  if (refusal) return failed(subject, `${command} ${refusal[0]}`, refusal[1]);
  const server = address === undefined ? 'the server' : `the server at ${address}`;
  return (
    unheardFinding(subject, reason, (words) => `${server} ${words}: ${command}`) ??
    failed(subject, `${command} fails: ${text}`, 'Look into the log of the server and at its version.')
  );
}
