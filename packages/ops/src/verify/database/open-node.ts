import type { Finding } from '@unite/core';
import { describeError, type ErrorDescription } from '../../describe-error';
import { failed } from '../finding';
import { unheardFinding } from '../unheard-finding';
import { within } from '../within';
import type { DatabaseNode, PgClientConstructor, PgClientLike } from './database-types';

/** A connection to one node. */
export interface OpenNode {
  readonly name: string;
  readonly role: DatabaseNode['role'];
  /** @throws NoAnswerError, and what the driver throws */
  ask(text: string, values?: unknown[]): Promise<Readonly<Record<string, unknown>>>;
  close(): Promise<void>;
}

/** How nodes are opened. */
export interface Opening {
  readonly Client: PgClientConstructor;
  readonly ssl: boolean | object | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Time for an orderly goodbye, in milliseconds. */
const goodbyeMs = 500;

/** Connects to a node, or says why that cannot be done. */
export async function openNode(node: DatabaseNode, opening: Opening): Promise<OpenNode | Finding> {
  const { Client, ssl, timeoutMs } = opening;
  const name = nodeName(node);
  try {
    const client = new Client({
      connectionString: node.url,
      // Ours comes first, and hangs up as well.
      connectionTimeoutMillis: timeoutMs + goodbyeMs,
      application_name: 'unite verify',
      ...(ssl !== undefined && { ssl }),
    });
    await connect(client, opening);
    return openClient(client, name, node.role, opening);
  } catch (error) {
    return connectFinding(`node ${name}`, node, error);
  }
}

async function connect(client: PgClientLike, { timeoutMs, signal }: Opening): Promise<void> {
  // Unheard, a connection that breaks would end the process; the query under way says it too.
  client.on('error', () => undefined);
  try {
    await within(timeoutMs, signal, () => client.connect());
  } catch (error) {
    hangUp(client);
    throw error;
  }
}

function openClient(
  client: PgClientLike,
  name: string,
  role: DatabaseNode['role'],
  { timeoutMs, signal }: Opening,
): OpenNode {
  return {
    name,
    role,
    async ask(text, values) {
      const { rows } = await within(timeoutMs, signal, () => client.query(text, values));
      return (rows[0] ?? {}) as Readonly<Record<string, unknown>>;
    },
    async close() {
      // Not within the run: what was opened is closed after its end too.
      await within(goodbyeMs, new AbortController().signal, () => client.end()).catch(() => undefined);
      hangUp(client);
    },
  };
}

/** As findings call a node. */
export function nodeName({ url, name }: DatabaseNode): string {
  const { hostname, port } = new URL(url);
  return name ?? `${hostname}:${port || '5432'}`;
}

/** A failure of a query, as a finding. */
export function askFinding(subject: string, error: unknown): Finding {
  return (
    unheardFinding(subject, error) ??
    failed(subject, `refuses the question: ${describeError(error).message}`, 'Look into its log.')
  );
}

/** A frozen server would keep an orderly goodbye, the socket and the process waiting. */
function hangUp(client: PgClientLike): void {
  const { connection } = client as { connection?: { stream?: { destroy?: () => void } } };
  connection?.stream?.destroy?.();
}

function connectFinding(subject: string, { url }: DatabaseNode, error: unknown): Finding {
  const { username, pathname } = new URL(url);
  const role = `role "${decodeURIComponent(username)}"`;
  const database = decodeURIComponent(pathname.slice(1));
  const described = describeError(error);
  const { message, code } = described;
  switch (loginCode(described)) {
    case '28P01':
      return failed(
        subject,
        `refuses the password of ${role} (${code})`,
        'Give the right password, and look whether it was rotated.',
      );
    case '28000':
      return failed(
        subject,
        `does not let ${role} in from here (28000): ${message}`,
        'Add a line to pg_hba.conf for this role, database, address and encryption, and reload.',
      );
    case '3D000':
      return failed(subject, `has no database "${database}" (${code})`, 'Create it, or correct the URL.');
    case '53300':
      return failed(
        subject,
        `has no connection left for ${role} (53300)`,
        'Make the pools smaller, put a pooler before it, or raise max_connections.',
      );
    case '57P03':
      return failed(
        subject,
        `takes no connections now (57P03): ${message}`,
        'Wait until it has started, and look into its log.',
      );
  }
  return (
    unheardFinding(subject, error) ??
    failed(
      subject,
      `cannot be connected to: ${message}`,
      'Look into its log, and at the TLS settings of both sides.',
    )
  );
}

/** PgBouncer has one code for all, and says it in words. */
function loginCode({ message, code }: ErrorDescription): string | undefined {
  if (code !== '08P01') return code;
  if (/password authentication failed/.test(message)) return '28P01';
  return /no such database/.test(message) ? '3D000' : code;
}
