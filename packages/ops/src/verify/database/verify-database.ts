import type { Finding, Verifier, VerifyRun } from '@unite/core';
import { checkOptions, expects, optionChecks } from '@unite/shared';
import { checkUrl } from '../check-url';
import { viewCluster } from './cluster-findings';
import type { DatabaseNode, VerifyDatabaseOptions } from './database-types';
import type { KnownNode } from './known-node-types';
import { askFinding, nodeName, type OpenNode, openNode } from './open-node';
import { followNonce, unfollowedFinding, writeNonce } from './round-trip';
import { serverFacts } from './server-facts';
import { stateFindings } from './state-findings';

interface Settings extends VerifyDatabaseOptions {
  readonly maxLagMs: number;
  readonly timeoutMs: number;
}

/**
 * Proves a PostgreSQL cluster: writes the nonce into the log of its one primary, and waits until every replica shows
 * that transaction. It needs no table and no rights of its own, and works behind transaction poolers.
 *
 * Named are servers that are out of reach, refuse the login or have no connection left; none or two primaries;
 * one server that is listed twice; replicas of another cluster or timeline, or whose replay is paused, broken or late; read-only defaults, clocks that
 * differ, superusers, and with `requireTls` plain text. Findings never show a password.
 *
 * @throws TypeError for options that are none
 * @example
 * verifyDatabase({ nodes: [{ url: env.primaryUrl, name: 'db-1' }, { url: env.replicaUrl, name: 'db-2' }], Client: pg.Client });
 */
export function verifyDatabase(options: VerifyDatabaseOptions): Verifier {
  checkDatabaseOptions(options);
  const { name = 'database', maxLagMs = 5_000, timeoutMs = 3_000 } = options;
  return {
    name,
    about: 'one primary takes a write, and every replica shows it',
    // Connecting, two questions, a write, a lag and what it takes to hang up.
    timeoutMs: 4 * timeoutMs + maxLagMs + 2_000,
    run: (run) => verify({ ...options, maxLagMs, timeoutMs }, run),
  };
}

async function verify(settings: Settings, run: VerifyRun): Promise<Finding[]> {
  const { nodes, Client, ssl, timeoutMs } = settings;
  run.note(`connecting to ${nodes.map(nodeName).join(', ')}`);
  const opening = { Client, ssl, timeoutMs, signal: run.signal };
  const opened = await Promise.all(nodes.map((node) => openNode(node, opening)));
  const open = opened.filter(isOpen);
  try {
    const known = await Promise.all(open.map(askNode));
    const findings = await verifyCluster(known.filter(isKnown), settings, run);
    return [...[...opened, ...known].filter(isFinding), ...findings];
  } finally {
    await Promise.all(open.map((node) => node.close()));
  }
}

async function askNode(node: OpenNode): Promise<KnownNode | Finding> {
  try {
    const facts = await serverFacts(node);
    const subject = `${facts.isReplica ? 'replica' : 'primary'} ${node.name}`;
    return { name: node.name, subject, node, facts };
  } catch (error) {
    return askFinding(`node ${node.name}`, error);
  }
}

async function verifyCluster(
  nodes: readonly KnownNode[],
  { maxLagMs, requireTls = false }: Settings,
  run: VerifyRun,
): Promise<Finding[]> {
  const { primary, replicas, findings } = viewCluster(nodes);
  const state = stateFindings(nodes, requireTls);
  if (!primary) return [...findings, ...replicas.map(unfollowedFinding), ...state];
  run.note(`writing to ${primary.name}`);
  const { written, finding } = await writeNonce(primary, run.nonce);
  if (!written) return [...findings, finding, ...replicas.map(unfollowedFinding), ...state];
  run.note(`waiting for ${replicas.map(({ name }) => name).join(', ') || 'no replica'}`);
  const followed = await Promise.all(
    replicas.map((replica) => followNonce(replica, written, primary, maxLagMs)),
  );
  return [...findings, finding, ...followed, ...state];
}

function isOpen(value: OpenNode | Finding): value is OpenNode {
  return 'ask' in value;
}

function isKnown(value: KnownNode | Finding): value is KnownNode {
  return 'facts' in value;
}

function isFinding(value: OpenNode | KnownNode | Finding): value is Finding {
  return 'status' in value;
}

function checkDatabaseOptions(options: VerifyDatabaseOptions): void {
  checkOptions(
    'verifyDatabase',
    options,
    {
      nodes: expects('a list of at least one node', (value) => Array.isArray(value) && value.length > 0),
      Client: expects('a constructor such as pg.Client', (value) => typeof value === 'function'),
      maxLagMs: optionChecks.positive,
      requireTls: optionChecks.boolean,
      ssl: expects(
        'true, false or an object',
        (value) => typeof value === 'boolean' || (typeof value === 'object' && value !== null),
      ),
      timeoutMs: optionChecks.positive,
      name: optionChecks.string,
    },
    ['nodes', 'Client'],
  );
  options.nodes.forEach(checkNode);
  const names = options.nodes.map(nodeName);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new TypeError(
      `verifyDatabase: option "nodes" must have different names, got two ${JSON.stringify(twice)}`,
    );
  }
}

function checkNode(node: DatabaseNode, index: number): void {
  checkOptions(
    `verifyDatabase: nodes[${index}]`,
    node,
    {
      url: optionChecks.string,
      name: optionChecks.string,
      role: expects('"primary" or "replica"', (value) => value === 'primary' || value === 'replica'),
    },
    ['url'],
  );
  checkUrl(
    `verifyDatabase: nodes[${index}]`,
    node.url,
    ['postgres:', 'postgresql:'],
    'postgres://user:password@host:port/database',
  );
}
