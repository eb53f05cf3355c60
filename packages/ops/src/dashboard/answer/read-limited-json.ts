const maxBytes = 4_096;

/** What came, or why it was not read. */
export type LimitedJson =
  | { readonly value: Readonly<Record<string, unknown>> }
  | { readonly refusal: 'too-large' | 'not-json' };

/** The body as an object of JSON: 4 kB at most. */
export async function readLimitedJson(request: Request): Promise<LimitedJson> {
  const text = await readText(request);
  if (text === undefined) return { refusal: 'too-large' };
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return { value: value as Readonly<Record<string, unknown>> };
  } catch {
    // Said below.
  }
  return { refusal: 'not-json' };
}

async function readText({ body }: Request): Promise<string | undefined> {
  const decoder = new TextDecoder();
  const reader = body?.getReader();
  let text = '';
  let bytes = 0;
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    bytes += part.value.byteLength;
    if (bytes > maxBytes) {
      await reader?.cancel();
      return undefined;
    }
    text += decoder.decode(part.value, { stream: true });
  }
  return text + decoder.decode();
}
