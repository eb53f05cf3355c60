import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('worker.mjs', import.meta.url));
const processes = 2;

/** Processes that read and write until they are told to end. */
export async function startFleet(options) {
  const workers = Array.from({ length: processes }, (_, index) =>
    fork(program, [JSON.stringify({ ...options, index, processes })]),
  );
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  let ending;
  return {
    /** What they did, in all. */
    end() {
      ending ??= endAll();
      return ending;
    },
  };

  async function endAll() {
    const told = await Promise.all(
      workers.map(async (worker) => {
        if (worker.exitCode !== null) throw new Error(`A worker ended: ${worker.exitCode}`);
        const answer = once(worker, 'message');
        const exit = once(worker, 'exit');
        worker.send('end');
        const [message] = await answer;
        await exit;
        return message;
      }),
    );
    const sum = (name) => told.reduce((total, one) => total + one[name], 0);
    return {
      reads: sum('reads'),
      searches: sum('searches'),
      writes: sum('writes'),
      missed: sum('missed'),
      lost: sum('lost'),
      failures: told.flatMap(({ failures }) => failures),
      expected: Object.assign({}, ...told.map(({ expected }) => expected)),
    };
  }
}
