/** An event before it is written. */
export interface EventText {
  readonly title: string;
  readonly text: string;
  readonly atMs: number;
  readonly alertType: 'error' | 'warning' | 'info' | 'success';
  /** Events of one key are shown as one; 100 characters at most. */
  readonly aggregationKey: string;
  /** As they are written. */
  readonly tags: string;
}

/** Bytes that the text of an event keeps at least, where its tags would leave less. */
const minTextBytes = 200;
const maxTitleBytes = 200;

/**
 * Writes an event: `_e{<bytes of title>,<bytes of text>}:title|text|d:…|k:…|t:…|#tags`. The text is cut to what the packet
 * has room for, and of the tags the last ones are left out.
 *
 * @see https://docs.datadoghq.com/developers/dogstatsd/datagram_shell (events)
 */
export function eventLine(event: EventText, maxBytes: number): string {
  const title = cutToBytes(oneLine(event.title), maxTitleBytes);
  const meta = `|d:${Math.floor(event.atMs / 1_000)}|k:${event.aggregationKey}|s:nodejs|t:${event.alertType}`;
  // `_e{200,1000}:` and the two strokes.
  const fixedBytes = 20 + Buffer.byteLength(title) + Buffer.byteLength(meta);
  const tags = tagsThatFit(event.tags, maxBytes - fixedBytes - minTextBytes);
  const text = cutToBytes(
    event.text.replaceAll('\r', '').replaceAll('\n', '\\n'),
    maxBytes - fixedBytes - Buffer.byteLength(tags),
  );
  return `_e{${Buffer.byteLength(title)},${Buffer.byteLength(text)}}:${title}|${text}${meta}${tags}`;
}

function tagsThatFit(tags: string, maxBytes: number): string {
  let kept = '';
  for (const tag of tags === '' ? [] : tags.split(',')) {
    const longer = kept === '' ? `|#${tag}` : `${kept},${tag}`;
    if (Buffer.byteLength(longer) > maxBytes) break;
    kept = longer;
  }
  return kept;
}

function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, ' ');
}

/** The beginning of a text, whole characters, never half of an escaped end of line. */
function cutToBytes(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= maxBytes) return bytes.toString();
  // A byte that continues a character begins with the bits 10.
  let end = maxBytes - 3;
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return `${bytes.toString('utf8', 0, end).replace(/\\$/, '')}…`;
}
