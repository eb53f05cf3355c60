/** The body as text, or `undefined` when it is longer than `maxBytes`, already read, or breaks off. */
export async function readText(body: Body, maxBytes: number): Promise<string | undefined> {
  try {
    if (!body.body) return '';
    const reader = body.body.getReader();
    const decoder = new TextDecoder();
    let text = '';
    for (let bytes = 0; ; ) {
      const { done, value } = await reader.read();
      if (done) return text + decoder.decode();
      bytes += value.byteLength;
      if (bytes > maxBytes) {
        await reader.cancel();
        return undefined;
      }
      text += decoder.decode(value, { stream: true });
    }
  } catch {
    return undefined;
  }
}

/** What `Request` and `Response` have in common here. */
type Body = Pick<Response, 'body'>;
