/** The parts of the page in the order in which they are read, and what they are called. */
const subjects = {
  problem: '@unite/problem',
  core: '@unite/core',
  tracing: '@unite/tracing',
  apm: '@unite/apm',
  cache: '@unite/cache',
  quota: '@unite/quota',
  'db-ha': '@unite/db-ha',
  crypto: '@unite/crypto',
  ops: '@unite/ops',
  stack: 'The whole stack',
  growth: 'How cost grows with work',
};

/**
 * @template {{ subject: string, name: string }} Result
 * @param {readonly Result[]} results
 * @returns {{ subject: string, heading: string, results: Result[] }[]} subjects without results are left out
 */
export function bySubject(results) {
  const known = Object.entries(subjects);
  const others = [...new Set(results.map(({ subject }) => subject))]
    .filter((subject) => !(subject in subjects))
    .sort()
    .map((subject) => [subject, subject]);
  return [...known, ...others]
    .map(([subject = '', heading = '']) => ({
      subject,
      heading,
      results: results
        .filter((result) => result.subject === subject)
        .sort((one, other) => (one.name < other.name ? -1 : 1)),
    }))
    .filter((part) => part.results.length > 0);
}
