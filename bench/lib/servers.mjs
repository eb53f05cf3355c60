import { startChild } from './start-child.mjs';

/**
 * Each contestant as a server in a process of its own.
 *
 * @param {URL} program gets what stands for the contestant as its argument
 * @param {Record<string, string>} contestants by the names that are shown
 * @param {NodeJS.ProcessEnv} env
 */
export async function startServers(program, contestants, env) {
  const apps = {};
  for (const [name, contestant] of Object.entries(contestants)) {
    apps[name] = await startChild(program, [contestant], env);
  }
  return apps;
}

/** @param {import('./report.mjs').Report} report @param {Awaited<ReturnType<typeof startServers>>} apps */
export async function showMemory(report, apps) {
  const memory = [];
  for (const [name, app] of Object.entries(apps)) {
    memory.push([name, Math.round((await app.ask()).rssBytes / 1e6)]);
  }
  report.table('Resident at the end', ['', 'MB'], memory);
}
