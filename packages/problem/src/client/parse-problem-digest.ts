/** What survives of a problem in React Server Components. */
export interface ProblemDigest {
  /** Slug of the problem type. */
  readonly code: string;
  readonly status: number;
}

/**
 * Reads the `digest` that an error boundary gets where Next.js hides the message.
 *
 * @example
 * // error.tsx
 * if (parseProblemDigest(error.digest)?.code === 'contact-not-found') return <NotFound />;
 */
export function parseProblemDigest(digest: unknown): ProblemDigest | undefined {
  const match = typeof digest === 'string' ? /^unite;(.+);([45]\d\d)$/.exec(digest) : null;
  return match?.[1] && match[2] ? { code: match[1], status: Number(match[2]) } : undefined;
}
