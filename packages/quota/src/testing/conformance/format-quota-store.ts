import type { QuotaStoreReport } from './types';

/** Renders a report as one Markdown table, a row for each check. */
export function formatQuotaStore({ results }: QuotaStoreReport): string {
  const rows = results.map(({ name, summary, holds, seen, tookMs }) => [
    name,
    summary,
    holds ? '**holds**' : `**fails**: ${seen}`,
    `${tookMs} ms`,
  ]);
  return [['check', 'what has to hold', 'result', 'took'], ['---', '---', '---', '---:'], ...rows]
    .map((cells) => `| ${cells.map(escapeCell).join(' | ')} |`)
    .join('\n');
}

function escapeCell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ');
}
