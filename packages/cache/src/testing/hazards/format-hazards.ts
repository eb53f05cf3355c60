import type { CacheHazards } from './run-hazards';

/** Renders one Markdown table: a row for each hazard, a column for each cache. */
export function formatHazards(all: readonly CacheHazards[]): string {
  const rows = new Map<string, string>();
  for (const { results } of all) for (const { name, summary } of results) rows.set(name, summary);
  const titles = all.map(({ cache, version }) => [cache, version].filter(Boolean).join(' '));
  const lines = [
    ['hazard', ...titles],
    ['---', ...titles.map(() => '---')],
  ];
  for (const [name, summary] of rows) {
    const cells = all.map(({ results }) => {
      const result = results.find((each) => each.name === name);
      if (result === undefined) return 'not run';
      const { holds, seen } = result;
      return holds === undefined ? seen : `**${holds ? 'holds' : 'fails'}**: ${seen}`;
    });
    lines.push([`${name}: ${summary}`, ...cells]);
  }
  return lines.map((cells) => `| ${cells.map(escapeCell).join(' | ')} |`).join('\n');
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');
}
