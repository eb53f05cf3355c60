/**
 * What the registry knows of.
 *
 * @param {string} directory with a lockfile
 * @param {import('./install-alone.mjs').Run} run
 * @returns {Promise<{ found: boolean, text: string }>} `found` is false, too, where the registry has no such service: a
 *   mirror often has none
 */
export async function askForVulnerabilities(directory, run) {
  // Exit codes tell of severity; what is asked for is the report, which is printed in any case.
  const output = await run(['npm', 'audit', '--json', '--omit=dev'], directory).catch(String);
  const [report = ''] = /\{[\s\S]*\}/.exec(output) ?? [];
  const { metadata, statusCode, error, message } = parse(report);
  if (!metadata) {
    const why = statusCode ?? error?.code ?? message ?? 'no answer';
    return { found: false, text: `not known: the registry does not tell (${why})` };
  }
  const { total, ...severities } = metadata.vulnerabilities;
  if (total === 0) return { found: false, text: 'none known' };
  const counted = Object.entries(severities).filter(([severity, count]) => severity !== 'info' && count > 0);
  return {
    found: counted.length > 0,
    text: counted.map(([severity, count]) => `${count} ${severity}`).join(', '),
  };
}

/** @param {string} text @returns {any} */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
