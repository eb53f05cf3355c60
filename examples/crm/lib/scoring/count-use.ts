import { instructions } from './prompt';

/** What a model has read and said, where it does not tell: counted here, by the vocabulary of OpenAI's models. */
export async function countUse(
  question: string,
  said: string,
): Promise<{ readonly inputTokens: number; readonly outputTokens: number }> {
  // Only then, since the vocabulary takes megabytes.
  const { countTokens } = await import('gpt-tokenizer');
  // What stands in a contact is text, also where it looks like a mark between messages.
  const tokensOf = (text: string) => countTokens(text, { disallowedSpecial: new Set<string>() });
  return { inputTokens: tokensOf(`${instructions}\n${question}`), outputTokens: tokensOf(said) };
}
