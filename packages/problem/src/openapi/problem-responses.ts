import type { ProblemRegistry } from '../docs/documented-types';
import { componentName } from './component-name';

/**
 * `responses` of one operation, by status. Types with the same status are alternatives of one response.
 *
 * @param slugs the types that the operation answers with
 * @throws TypeError when the registry does not know a slug
 * @example
 * responses: { 201: created, ...problemResponses(problems, ['validation', 'contact-not-found']) }
 */
export function problemResponses(
  problems: Pick<ProblemRegistry, 'registry'>,
  slugs: readonly string[],
): Readonly<Record<string, unknown>> {
  const byStatus = new Map<number, string[]>();
  for (const slug of slugs) {
    const entry = problems.registry.find((line) => line.slug === slug);
    if (!entry) throw new TypeError(`problemResponses: the registry has no type ${JSON.stringify(slug)}`);
    const { status } = entry.definition;
    byStatus.set(status, [...(byStatus.get(status) ?? []), slug]);
  }
  return Object.fromEntries([...byStatus].map(([status, group]) => [status, responseOf(problems, group)]));
}

function responseOf(problems: Pick<ProblemRegistry, 'registry'>, slugs: readonly string[]): unknown {
  const [only, another] = slugs;
  if (only !== undefined && another === undefined)
    return { $ref: `#/components/responses/${componentName(only)}` };
  const titles = slugs.map((slug) => problems.registry.find((line) => line.slug === slug)?.definition.title);
  return {
    description: titles.join(', or '),
    content: {
      'application/problem+json': {
        schema: { oneOf: slugs.map((slug) => ({ $ref: `#/components/schemas/${componentName(slug)}` })) },
      },
    },
  };
}
