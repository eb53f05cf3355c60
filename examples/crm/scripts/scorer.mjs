// A model that needs no network: speaks the API of OpenAI, scores a contact by what is known of it, and counts real
// tokens. `node scripts/scorer.mjs` listens on PORT, or on a free port, and prints its address. For tests and drills
// `PUT /behaviour` with `{ "delayMs": 2000 }` makes it slow, with `{ "status": 500 }` failing.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';
import { countTokens } from 'gpt-tokenizer';
import { verdictOn } from './scorer/verdict.mjs';

const maxBodyBytes = 65_536;

/**
 * @param {{ port?: number }} [options] 0 for any free port
 * @returns {Promise<{ url: string, close: () => Promise<void> }>} `url` is what OPENAI_BASE_URL wants
 */
export async function startScorer({ port = 0 } = {}) {
  let behaviour = { delayMs: 0, status: 200 };
  const server = createServer(async (request, response) => {
    const answer = (status, body) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    try {
      const body = await readJson(request);
      if (request.method === 'PUT' && request.url === '/behaviour') {
        behaviour = { delayMs: 0, status: 200, ...body };
        return answer(200, behaviour);
      }
      if (request.method !== 'POST' || request.url !== '/v1/chat/completions')
        return answer(404, { error: { message: 'There is POST /v1/chat/completions and nothing else.' } });
      const { delayMs, status } = behaviour;
      if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
      if (status !== 200) return answer(status, { error: { message: 'Failing, as it was told to.' } });
      return answer(200, completionOf(body));
    } catch (error) {
      return answer(400, { error: { message: error.message } });
    }
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}/v1`,
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** As far as the client of OpenAI reads it. */
function completionOf({ model, messages }) {
  const contact = JSON.parse(messages.at(-1).content);
  const content = JSON.stringify(verdictOn(contact));
  const [input, output] = [
    countTokens(messages.map((message) => message.content).join('\n')),
    countTokens(content),
  ];
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
