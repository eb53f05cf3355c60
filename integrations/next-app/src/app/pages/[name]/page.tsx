import type { Metadata } from 'next';
import { report } from '@/lib/report';
import { page } from '@/lib/unite';

export async function generateMetadata(): Promise<Metadata> {
  const { requestId } = await page(report);
  return { title: `metadata ${requestId}` };
}

export default async function Page() {
  return (
    <>
      <script id="page" type="application/json">
        {JSON.stringify(await page(report))}
      </script>
      <Child />
    </>
  );
}

/** Rendered by React after its parent has returned. */
async function Child() {
  return (
    <script id="child" type="application/json">
      {JSON.stringify(await page(report))}
    </script>
  );
}
