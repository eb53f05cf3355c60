import { randomBytes } from 'node:crypto';
import { debianPrograms } from './debian-programs';
import { freePort } from './free-port';
import type { Passwords } from './patroni-config';
import { type MemberReport, PatroniMember } from './patroni-member';
import { type Etcd, startEtcd } from './start-etcd';
import { superuserQuery } from './superuser-query';
import { waitUntil } from './wait-until';
import { openWorkplace } from './workplace';

/** Options of {@link startPatroni}. */
export interface PatroniOptions {
  /** @default 3 */
  readonly members?: number;
  /** A commit waits for a replica that may become the leader. @default true */
  readonly synchronous?: boolean;
  readonly onProgress?: (text: string) => void;
}

/** A running Patroni cluster. */
export interface PatroniCluster {
  readonly members: readonly PatroniMember[];
  readonly etcd: Etcd;
  /** The member that holds the leader's lock, waited for. */
  leader(): Promise<PatroniMember>;
  /** Waits until a member other than `previous` has left recovery. */
  promotion(previous: PatroniMember): Promise<{ readonly member: PatroniMember; readonly atMs: number }>;
  /** Waits until every member says that it takes no writes; silence, as of a busy one, is no answer. */
  noPrimary(): Promise<void>;
  /** Waits until there is a leader and every other member streams from it, one of them synchronously. */
  settled(): Promise<void>;
  /** Hands the lead over to another member, as an operator would. */
  switchover(): Promise<PatroniMember>;
  /** Starts a member that was not there before. */
  addMember(): Promise<PatroniMember>;
  /** Ends every process and removes every file. */
  close(): Promise<void>;
}

/**
 * Starts etcd and as many Patroni members as wanted, with a database `app` that belongs to the role `app`.
 *
 * @throws Error that says what is missing, or quotes the logs
 */
export async function startPatroni(options: PatroniOptions = {}): Promise<PatroniCluster> {
  const { members: wanted = 3, synchronous = true, onProgress } = options;
  const programs = await debianPrograms({ onProgress });
  const workplace = openWorkplace();
  const password = (): string => randomBytes(12).toString('hex');
  const passwords: Passwords = {
    postgres: password(),
    replicator: password(),
    rewinder: password(),
    app: password(),
  };
  const members: PatroniMember[] = [];

  try {
    const etcd = await startEtcd(programs, workplace);
    const add = async (): Promise<PatroniMember> => {
      const name = `member-${members.length + 1}`;
      const config = {
        name,
        directory: workplace.folder(name),
        port: await freePort(),
        restPort: await freePort(),
        postgresBin: programs.postgresBin,
        etcd,
        passwords,
        synchronous,
      };
      const member = new PatroniMember(config, programs, workplace.identity);
      members.push(member);
      member.start();
      return member;
    };
    const logs = (): string => members.map((member) => member.tail()).join('\n\n');

    const cluster: PatroniCluster = {
      members,
      etcd,
      leader: () =>
        waitUntil(() => first(members, (member) => member.is('primary')), {
          what: 'a member leads',
          explain: logs,
        }),
      promotion: (previous) =>
        waitUntil(
          async () => {
            const others = members.filter((member) => member !== previous);
            const member = await first(others, async (other) => isPrimary(await other.report()));
            return member && { member, atMs: performance.now() };
          },
          { what: 'a replica is promoted', everyMs: 10, explain: logs },
        ),
      noPrimary: async () => {
        await waitUntil(
          async () => {
            const reports = await Promise.all(members.map((member) => member.report()));
            return reports.every((report) => report && !isPrimary(report));
          },
          { what: 'no member takes writes', everyMs: 20, explain: logs },
        );
      },
      settled: async () => {
        await waitUntil(() => isSettled(members, synchronous), {
          what: 'every member streams from one leader',
          timeoutMs: 90_000,
          explain: logs,
        });
      },
      switchover: async () => {
        const leader = await cluster.leader();
        // A synchronous cluster hands over to a synchronous replica only.
        const candidate = await waitUntil(
          () => first(members, (member) => member.is(synchronous ? 'sync' : 'replica')),
          { what: 'a replica may take over', explain: logs },
        );
        const response = await fetch(`${leader.restUrl}/switchover`, {
          method: 'POST',
          body: JSON.stringify({ leader: leader.name, candidate: candidate.name }),
        });
        if (!response.ok) throw new Error(`Patroni refused the switchover: ${await response.text()}`);
        return candidate;
      },
      addMember: async () => {
        const member = await add();
        await cluster.settled();
        return member;
      },
      close: () => workplace.close(),
    };

    onProgress?.(`Starting ${wanted} Patroni members…`);
    for (let started = 0; started < wanted; started += 1) await add();
    await cluster.settled();
    await createApplication(await cluster.leader(), passwords.app);
    return cluster;
  } catch (error) {
    await workplace.close();
    throw error;
  }
}

async function first(
  members: readonly PatroniMember[],
  holds: (member: PatroniMember) => Promise<boolean>,
): Promise<PatroniMember | undefined> {
  const answers = await Promise.all(members.map(holds));
  return members.find((_, index) => answers[index]);
}

function isPrimary(report: MemberReport | undefined): boolean {
  return report?.role === 'primary' || report?.role === 'master';
}

/** Asked of the leader's PostgreSQL: what Patroni publishes in etcd is a loop old. */
async function isSettled(members: readonly PatroniMember[], synchronous: boolean): Promise<boolean> {
  const leader = await first(members, (member) => member.is('primary'));
  if (!leader) return false;
  const rows = await superuserQuery<{ sync_state: string }>(
    leader,
    "SELECT sync_state FROM pg_stat_replication WHERE state = 'streaming' AND application_name LIKE 'member-%'",
  );
  if (rows.length !== members.length - 1) return false;
  if (!synchronous || rows.length === 0) return true;
  if (!rows.some(({ sync_state }) => sync_state !== 'async')) return false;
  return (await first(members, (member) => member.is('sync'))) !== undefined;
}

async function createApplication(leader: PatroniMember, password: string): Promise<void> {
  await superuserQuery(leader, `CREATE ROLE app LOGIN PASSWORD '${password}' IN ROLE pg_monitor`);
  await superuserQuery(leader, 'CREATE DATABASE app OWNER app');
}
