/** Next.js fetches these ahead, for links that nobody may ever follow. */
const prefetchHeaders = ['next-router-prefetch', 'next-router-segment-prefetch'];

/** Whether the router of Next.js asks ahead of time; it never does so with a method that changes something. */
export function isPrefetch({ method, headers }: Request): boolean {
  return (method === 'GET' || method === 'HEAD') && prefetchHeaders.some((name) => headers.has(name));
}
