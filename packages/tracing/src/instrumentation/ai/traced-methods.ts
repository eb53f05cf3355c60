import type { AiOperation } from './gen-ai-attributes';

/** The methods that are traced: where they are on a client, and on the class of it. */
export const tracedMethods: readonly {
  readonly path: readonly string[];
  readonly classPath: readonly string[];
  readonly operation: AiOperation;
  readonly provider: 'openai' | 'anthropic';
}[] = [
  {
    path: ['chat', 'completions'],
    classPath: ['Chat', 'Completions'],
    operation: 'chat',
    provider: 'openai',
  },
  { path: ['responses'], classPath: ['Responses'], operation: 'chat', provider: 'openai' },
  { path: ['embeddings'], classPath: ['Embeddings'], operation: 'embeddings', provider: 'openai' },
  { path: ['messages'], classPath: ['Messages'], operation: 'chat', provider: 'anthropic' },
  { path: ['beta', 'messages'], classPath: ['Beta', 'Messages'], operation: 'chat', provider: 'anthropic' },
];
