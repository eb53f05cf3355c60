/** How much time of a processor `work` takes in this process, in milliseconds, however busy the machine is with others. */
export function cpuMs(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
