// A model that needs no network: speaks the API of OpenAI, scores a contact by what is known of it, and counts real
// tokens; whole, or as a stream. `node scripts/scorer.mjs` listens on PORT, or on a free port, and prints its address.
// For tests and drills `PUT /behaviour` changes it until the next: `{ "delayMs": 2000 }` makes it slow, `{ "status": 500 }`
// failing. Of a stream `{ "chunkDelayMs": 200 }` makes each piece slow, `{ "failAfterChunks": 3 }` breaks it off there,
// and `{ "holdAfterChunks": 3 }` holds it back there until the behaviour is told anew. `GET /behaviour` tells how many
// streams go on, and how many were left by who had asked.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';
import { countTokens } from 'gpt-tokenizer';
import { streamCompletion } from './scorer/stream-completion.mjs';
import { verdictOn } from './scorer/verdict.mjs';

const maxBodyBytes = 65_536;
const wellBehaved = { delayMs: 0, status: 200, chunkDelayMs: 0 };

/**
 * @param {{ port?: number }} [options] 0 for any free port
 * @returns {Promise<{ url: string, close: () => Promise<void> }>} `url` is what OPENAI_BASE_URL wants
 */
export async function startScorer({ port = 0 } = {}) {
  let behaviour = wellBehaved;
  let changed = new AbortController();
  const streams = { open: 0, left: 0 };
  const server = createServer(async (request, response) => {
    const answer = (status, body) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    try {
      const body = await readJson(request);
      if (request.url === '/behaviour') {
        if (request.method === 'PUT') {
          behaviour = { ...wellBehaved, ...body };
          changed.abort();
          changed = new AbortController();
        }
        return answer(200, { ...behaviour, streams });
      }
      if (request.method !== 'POST' || request.url !== '/v1/chat/completions')
        return answer(404, { error: { message: 'There is POST /v1/chat/completions and nothing else.' } });
      const { delayMs, status } = behaviour;
      if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
      if (status !== 200) return answer(status, { error: { message: 'Failing, as it was told to.' } });
      const completion = completionOf(body);
      if (!body.stream) return answer(200, completion);
      streams.open += 1;
      const isTaken = await streamCompletion(response, completion, {
        behaviour: () => ({ ...behaviour, changed: changed.signal }),
        withUsage: body.stream_options?.include_usage === true,
      }).finally(() => {
        streams.open -= 1;
      });
      if (!isTaken) streams.left += 1;
    } catch (error) {
      if (response.headersSent) response.destroy();
      else answer(400, { error: { message: error.message } });
    }
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}/v1`,
    async close() {
      changed.abort();
      server.close();
      server.closeAllConnections();
    },
  };
}

/** As far as the client of OpenAI reads it. */
function completionOf({ model, messages }) {
  const contact = JSON.parse(messages.at(-1).content);
  const content = JSON.stringify(verdictOn(contact));
  // A contact's notes may hold what means something to other models; here it is text.
  const tokensOf = (text) => countTokens(text, { disallowedSpecial: new Set() });
  const input = tokensOf(messages.map((message) => message.content).join('\n'));
  const output = tokensOf(content);
  return {
    id: 'chatcmpl-demo',
    object: 'chat.completion',
    created: Math.floor(Date.now() / 1_000),
    model,
    choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content } }],
    usage: { prompt_tokens: input, completion_tokens: output, total_tokens: input + output },
  };
}

async function readJson(request) {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk;
    if (text.length > maxBodyBytes) throw new Error('The body is too large.');
  }
  return text === '' ? {} : JSON.parse(text);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { url, close } = await startScorer({ port: Number(process.env.PORT ?? 0) });
  console.log(`scorer: ${url}`);
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, close);
}
