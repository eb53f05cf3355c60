import { operationsChecks } from './operations-checks';
import { operationsFolder } from './places';

// `npm run operations:check`: a line each, and 1 where one does not hold.

let failed = 0;
for (const { name, by, run } of operationsChecks) {
  const complaints = await run(operationsFolder).catch((error: Error) => [error.message]);
  if (complaints.length > 0) failed += 1;
  console.log(`${complaints.length === 0 ? '✓' : '✗'} ${name} (${by})`);
  for (const complaint of complaints) console.log(`    ${complaint}`);
}
console.log(failed === 0 ? `passed: ${operationsChecks.length} checks` : `FAILED: ${failed} checks`);
process.exitCode = failed === 0 ? 0 : 1;
