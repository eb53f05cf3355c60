import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HaproxyService, startHaproxy } from '@unite/services';
import type { DeployOptions, DeployReport, ReleaseCommand } from '../../../src/deploy';
import { deploy } from '../../../src/deploy';
import { processOf } from '../../../src/deploy/process-id';

/** What the documentation says is what is tested. */
const documented =
  /^## HAProxy\n\n```\n([^`]+)```/m.exec(
    readFileSync(join(__dirname, '../../../../../docs/ops/deploy.md'), 'utf8'),
  )?.[1] ?? '';

/** An HAProxy with two slots, and whoever asks it. */
export class Stage {
  readonly haproxy: HaproxyService;
  readonly stateDirectory = mkdtempSync(join(tmpdir(), 'unite-deploy-test-'));
  readonly notes: string[] = [];
  /** Answers by what they said, and what failed by its status. */
  readonly answers = new Map<string, number>();
  readonly #forgotten: { pid: number; startedAt: string }[] = [];
  #agents: Agent[] = [];
  #isOver = true;
  #users: Promise<unknown>[] = [];

  private constructor(haproxy: HaproxyService) {
    this.haproxy = haproxy;
  }

  static async open(): Promise<Stage> {
    const [blue, green] = [await freePort(), await freePort()];
    return new Stage(
      await startHaproxy({
        config: ({ port, socketPath }) =>
          documented
            .replace(
              /stats socket .+/,
              (line) => `${line}\n  stats socket ${socketPath}.operator level operator`,
            )
            .replace('/run/haproxy/admin.sock', socketPath)
            .replace('bind :80', `bind 127.0.0.1:${port}`)
            .replace('127.0.0.1:3001', `127.0.0.1:${blue}`)
            .replace('127.0.0.1:3002', `127.0.0.1:${green}`),
      }),
    );
  }

  /** Short times, and the release of this behaviour. */
  deploy(
    behaviour: string,
    { env = {}, ...options }: Partial<DeployOptions> & { env?: Record<string, string> } = {},
  ): Promise<DeployReport> {
    return deploy({
      proxy: this.proxy,
      start: release(behaviour, env),
      // The machine may be as slow as it is: times are judged where a test says so.
      canary: { percents: [20, 50], stepMs: 300, minRequests: 20, patienceMs: 20_000, minSlowdownMs: 10_000 },
      readiness: { intervalMs: 20 },
      watchMs: 300,
      drainMs: 2_000,
      stopMs: 5_000,
      stateDirectory: this.stateDirectory,
      onProgress: (text) => this.notes.push(text),
      ...options,
    });
  }

  get proxy(): DeployOptions['proxy'] {
    return { socket: this.haproxy.socketPath, backend: 'app' };
  }

  /** Users that ask without end, each over a connection of its own. */
  startUsers(count = 4): void {
    this.#isOver = false;
    this.answers.clear();
    this.#users = Array.from({ length: count }, () => this.#ask());
  }

  async #ask(): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    this.#agents.push(agent);
    while (!this.#isOver) {
      const answer = await this.#answer(agent);
      this.answers.set(answer, (this.answers.get(answer) ?? 0) + 1);
    }
  }

  #answer(agent: Agent): Promise<string> {
    return new Promise((resolve) => {
      const sent = request({ host: '127.0.0.1', port: this.haproxy.port, agent }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk) => {
          text += chunk;
        });
        response.once('error', (error) => resolve(String(error)));
        response.once('end', () => resolve(response.statusCode === 200 ? text : String(response.statusCode)));
      });
      sent.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      // A pause, so that four users do not take all of the machine.
      setTimeout(() => sent.end(), 3);
    });
  }

  /** Everything that a user saw go wrong. */
  get lost(): Readonly<Record<string, number>> {
    const wrong = [...this.answers].filter(([answer]) => !/^v\d/.test(answer));
    return Object.fromEntries(wrong);
  }

  /** Each has its last answer. */
  async stopUsers(): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#users);
    for (const agent of this.#agents) agent.destroy();
    this.#agents = [];
  }

  /** The only server with users, by what it says. */
  async whoAnswers(): Promise<string> {
    const response = await fetch(`http://127.0.0.1:${this.haproxy.port}/`);
    return response.ok ? response.text() : String(response.status);
  }

  /** Ends what runs in the slots, too. */
  async close(): Promise<void> {
    this.#isOver = true;
    for (const agent of this.#agents) agent.destroy();
    await this.endForgotten();
    await Promise.all(Object.values(this.processes()).map((id) => processOf(id, 0).stop()));
    await this.haproxy.close();
    rmSync(this.stateDirectory, { recursive: true, force: true });
  }

  /** What was noted of processes is lost. */
  forget(): void {
    this.#forgotten.push(...Object.values(this.processes()));
    rmSync(join(this.stateDirectory, 'app.json'));
  }

  async endForgotten(): Promise<void> {
    await Promise.all(this.#forgotten.map((id) => processOf(id, 0).stop()));
  }

  processes(): Record<string, { pid: number; startedAt: string }> {
    try {
      return JSON.parse(readFileSync(join(this.stateDirectory, 'app.json'), 'utf8'));
    } catch {
      return {};
    }
  }
}

export function release(behaviour: string, env: Record<string, string> = {}): ReleaseCommand {
  return {
    command: [process.execPath, join(__dirname, 'release.mjs')],
    env: { PATH: process.env.PATH, BEHAVIOUR: behaviour, ...env },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
