import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('./generator.mjs', import.meta.url));

/**
 * @param {import('../lib/children.mjs').Children} children
 * @param {import('../../packages/ops/src/load/load-types').LoadOptions} options
 * @param {(progress: import('../../packages/ops/src/load/load-types').LoadProgress) => void} onProgress once a second
 * @returns {{ pid: number | undefined, report: Promise<import('../../packages/ops/src/load/load-types').LoadReport> }}
 */
export function runGenerator(children, options, onProgress) {
  let rest = '';
  let said = '';
  /** @type {import('../../packages/ops/src/load/load-types').LoadReport | undefined} */
  let report;
  const { pid, exited } = children.start(process.execPath, [program, JSON.stringify(options)], {
    cwd: process.cwd(),
    env: process.env,
    onOutput: (text) => {
      const lines = `${rest}${text}`.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) hear(line);
    },
  });
  return {
    pid,
    report: exited.then(({ code, signal }) => {
      if (report) return report;
      throw new Error(`The load did not end (${signal ?? `exit code ${code}`}):\n${said}${rest}`);
    }),
  };

  /** @param {string} line */
  function hear(line) {
    if (!line.startsWith('{"')) {
      said = `${said}${line}\n`.slice(-2_000);
      return;
    }
    const message = JSON.parse(line);
    if (message.report) report = message.report;
    else onProgress(message.progress);
  }
}
