import { once } from 'node:events';
import { decode, encode } from 'gpt-tokenizer';

/**
 * Sends a completion in the pieces that a model says it in, one token each, as events of the API of OpenAI; the usage in
 * the last one.
 *
 * @param {import('node:http').ServerResponse} response
 * @param {{ choices: { message: { content: string } }[], usage: object }} completion
 * @param {{ withUsage: boolean, behaviour: () => { chunkDelayMs: number, failAfterChunks?: number, holdAfterChunks?: number, changed: AbortSignal } }} options
 *   asked again before each piece
 * @returns {Promise<boolean>} whether all of it was taken; not when who asked has left
 */
export async function streamCompletion(
  response,
  { choices, usage, ...completion },
  { withUsage, behaviour },
) {
  const send = (part) =>
    response.write(
      `data: ${JSON.stringify({ ...completion, object: 'chat.completion.chunk', ...part })}\n\n`,
    );
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  response.flushHeaders();
  const left = new AbortController();
  response.once('close', () => left.abort());

  let sent = 0;
  for (const content of piecesOf(choices[0].message.content)) {
    const { holdAfterChunks, changed } = behaviour();
    if (sent === holdAfterChunks) await either(changed, left.signal);
    const { chunkDelayMs, failAfterChunks } = behaviour();
    if (chunkDelayMs > 0) await new Promise((resolve) => setTimeout(resolve, chunkDelayMs));
    if (left.signal.aborted) return false;
    if (sent >= failAfterChunks) {
      response.destroy();
      return true;
    }
    send({ choices: [{ index: 0, delta: { content }, finish_reason: null }] });
    sent += 1;
  }
  send({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
  if (withUsage) send({ choices: [], usage });
  response.end('data: [DONE]\n\n');
  return true;
}

/** Token by token; one that ends within a character waits for the rest of it. */
function* piecesOf(text) {
  const tokens = encode(text, { disallowedSpecial: new Set() });
  let held = [];
  for (const token of tokens) {
    held.push(token);
    const piece = decode(held);
    if (piece.endsWith('\uFFFD')) continue;
    held = [];
    yield piece;
  }
  if (held.length > 0) yield decode(held);
}

function either(...signals) {
  const signal = AbortSignal.any(signals);
  return signal.aborted ? undefined : once(signal, 'abort');
}
