import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { generateText, streamText } from 'ai';
import { MockLanguageModelV3, simulateReadableStream } from 'ai/test';
import { aiTelemetry } from '../../../src/instrumentation/ai';
import { createTestTracing, expectTree, type TestTracing } from '../../../src/testing';

let tracing: TestTracing;
beforeAll(() => {
  tracing = createTestTracing();
});
afterEach(() => tracing.reset());
afterAll(() => tracing.close());

const usage = {
  inputTokens: { total: 10, noCache: 4, cacheRead: 6, cacheWrite: 0 },
  outputTokens: { total: 5, text: 5, reasoning: 0 },
};
const finishReason = { unified: 'stop' as const, raw: 'stop' };
const prompt = 'a-confidential-question';
const secret = 'the-answer-is-confidential';

const model = new MockLanguageModelV3({
  modelId: 'mock-1',
  doGenerate: async () => ({
    content: [{ type: 'text', text: secret }],
    finishReason,
    usage,
    warnings: [],
  }),
  doStream: async () => ({
    stream: simulateReadableStream({
      chunks: [
        { type: 'text-start', id: '1' },
        { type: 'text-delta', id: '1', delta: secret },
        { type: 'text-end', id: '1' },
        { type: 'finish', finishReason, usage },
      ],
    }),
  }),
});

const attributes = {
  'gen_ai.request.model': 'mock-1',
  'gen_ai.response.finish_reasons': ['stop'],
  'gen_ai.usage.input_tokens': 10,
  'gen_ai.usage.output_tokens': 5,
  'ai.telemetry.functionId': 'summarise',
  'ai.telemetry.metadata.team': 'crm',
};

test('makes the SDK tell of a text, by the names of the conventions, and not what it says', async () => {
  const telemetry = aiTelemetry({ functionId: 'summarise', metadata: { team: 'crm' } });
  const { text } = await generateText({ model, prompt, experimental_telemetry: telemetry });
  expect(text).toBe(secret);
  expectTree(
    tracing.spans(),
    `
    ai.generateText
      ai.generateText.doGenerate
  `,
  );
  expect(tracing.spans()[0]?.attributes).toMatchObject(attributes);
  expectNoContent();
});

test('makes it tell of a stream', async () => {
  const telemetry = aiTelemetry({
    functionId: 'summarise',
    metadata: { team: 'crm' },
    tracer: tracing.tracer,
  });
  const { textStream } = streamText({ model, prompt, experimental_telemetry: telemetry });
  let text = '';
  for await (const part of textStream) text += part;
  expect(text).toBe(secret);
  await tracing.waitForSpan(({ name }) => name === 'ai.streamText', AbortSignal.timeout(60_000));
  expectTree(
    tracing.spans(),
    `
    ai.streamText
      ai.streamText.doStream
  `,
  );
  expect(tracing.spans()[0]?.attributes).toMatchObject(attributes);
  expectNoContent();
});

test('gives what the SDK takes, and no more', () => {
  expect(aiTelemetry()).toEqual({ isEnabled: true, recordInputs: false, recordOutputs: false });
  expect(() => aiTelemetry({ functionId: '' })).toThrow('aiTelemetry: option "functionId"');
  expect(() => aiTelemetry({ tracer: {} as never })).toThrow('option "tracer" must be a tracer');
  expect(() => aiTelemetry({ recordInputs: true } as object)).toThrow('unknown option "recordInputs"');
});

function expectNoContent(): void {
  const told = JSON.stringify(tracing.spans().map((span) => [span.attributes, span.events]));
  expect(told).not.toMatch(new RegExp(`${prompt}|${secret}`));
}
