/** What one event of a stream says. */
export interface StreamEvent {
  readonly id?: string;
  readonly retry?: string;
  readonly data?: unknown;
  readonly comment?: string;
}

/** Reads a stream of server-sent events as it comes (HTML §9.2.5). */
export async function* readEvents(body: ReadableStream<Uint8Array> | null): AsyncGenerator<StreamEvent> {
  const decoder = new TextDecoder();
  let text = '';
  const reader = body?.getReader();
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
    text += decoder.decode(read.value, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) yield parse(block);
  }
  if (text !== '') throw new Error(`cut off: ${text}`);
}

function parse(block: string): StreamEvent {
  const fields = block.split('\n').map((line) => {
    const [, name = '', value = ''] = /^(\w*): ?(.*)$/.exec(line) ?? [];
    return [name || 'comment', name === 'data' ? JSON.parse(value) : value];
  });
  return Object.fromEntries(fields);
}
