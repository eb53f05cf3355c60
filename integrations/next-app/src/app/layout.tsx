import type { ReactNode } from 'react';
import { report } from '@/lib/report';
import { page } from '@/lib/unite';

export default async function Layout({ children }: { children: ReactNode }) {
  return (
    <html lang="en">
      <body>
        <script id="layout" type="application/json">
          {JSON.stringify(await page(report))}
        </script>
        {children}
      </body>
    </html>
  );
}
