/** What the process has open besides. */
const ownFiles = 64;

/**
 * Each user has a connection, and each connection is an open file.
 *
 * @throws TypeError where the system allows this process fewer
 */
export function checkOpenFiles(users: number, limit = openFilesLimit()): void {
  if (users + ownFiles > limit) {
    throw new TypeError(
      `runLoad: option "users" is ${users}, and this process may open ${limit} files (EMFILE): raise the limit with "ulimit -n ${users + ownFiles}", or take fewer users`,
    );
  }
}

function openFilesLimit(): number {
  const report = process.report.getReport() as { userLimits?: { open_files?: { soft?: number | string } } };
  // 'unlimited' is no number, and Windows has no such limit.
  const soft = Number(report.userLimits?.open_files?.soft);
  return Number.isNaN(soft) ? Infinity : soft;
}
