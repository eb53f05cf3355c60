import type { Attributes } from '@opentelemetry/api';
import { type AiOperation, genAi, general } from './gen-ai-attributes';
import { readField, readNumber, readText } from './read-field';

/** What is known of a call before it is made. Of the body only settings are read, never messages or tools. */
export function requestAttributes(
  operation: AiOperation,
  provider: string,
  body: unknown,
  client: unknown,
): Attributes {
  return {
    [genAi.operation]: operation,
    [genAi.provider]: provider,
    [genAi.requestModel]: readText(body, 'model'),
    // Anthropic; OpenAI's chat before and after its renaming; OpenAI's responses.
    [genAi.maxTokens]:
      readNumber(body, 'max_tokens') ??
      readNumber(body, 'max_completion_tokens') ??
      readNumber(body, 'max_output_tokens'),
    [genAi.temperature]: readNumber(body, 'temperature'),
    [genAi.topP]: readNumber(body, 'top_p'),
    [genAi.stream]: readField(body, 'stream') === true ? true : undefined,
    [genAi.dimensions]: readNumber(body, 'dimensions'),
    ...serverAttributes(readText(client, 'baseURL')),
  };
}

function serverAttributes(baseUrl: string | undefined): Attributes {
  if (baseUrl === undefined || !URL.canParse(baseUrl)) return {};
  const { hostname, port, protocol } = new URL(baseUrl);
  return {
    [general.serverAddress]: hostname,
    [general.serverPort]: Number(port) || (protocol === 'http:' ? 80 : 443),
  };
}
