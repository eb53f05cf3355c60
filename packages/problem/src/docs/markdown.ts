import type { DocumentedType } from './documented-types';

/** One type as Markdown. */
export function typeMarkdown(type: DocumentedType): string {
  return paragraphs(
    `# ${escaped(type.title)}`,
    `Status ${type.status}. Type \`${type.uri}\`.`,
    type.description && escaped(type.description),
    type.fix && `## What to do\n\n${escaped(type.fix)}`,
    listed(
      'Headers',
      Object.entries(type.headers).map(([name, value]) => `- \`${name}: ${value.replaceAll('`', "'")}\``),
    ),
    listed('Further members', Object.entries(type.extensions).map(member)),
    // No text in JSON can end the block: a line break inside a string is written as \n.
    `## Example\n\n\`\`\`json\n${JSON.stringify(type.example, null, 2)}\n\`\`\``,
  );
}

/** The registry as Markdown. */
export function indexMarkdown(
  types: readonly DocumentedType[],
  hrefOf: (type: DocumentedType) => string,
): string {
  const lines = types.map(
    (type) =>
      `- ${type.status} [${escaped(type.title)}](${hrefOf(type)})${type.description ? `: ${escaped(type.description)}` : ''}`,
  );
  return paragraphs(
    '# Problem types',
    'Every error of this API is a problem document (RFC 9457).',
    lines.join('\n'),
  );
}

function member([name, schema]: [
  string,
  { readonly type?: unknown; readonly description?: unknown },
]): string {
  const type = schema.type === undefined ? '' : ` (${escaped(String(schema.type))})`;
  return `- \`${name.replaceAll('`', "'")}\`${type}${schema.description ? `: ${escaped(String(schema.description))}` : ''}`;
}

function listed(title: string, lines: readonly string[]): string | undefined {
  return lines.length > 0 ? `## ${title}\n\n${lines.join('\n')}` : undefined;
}

function paragraphs(...parts: readonly (string | undefined)[]): string {
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

/** Text in which nothing is markup, HTML neither, on one line. */
function escaped(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>#|~&]/g, '\\$&');
}
