import '@unite/ops/dashboard/tokens.css';
import '@/styles/base.css';
import '@/styles/controls.css';
import type { Metadata, Viewport } from 'next';
import { browserService } from '@/lib/apm';
import { DrillPlace } from '@/ui/drills/drill-place';
import { Flash } from '@/ui/flash';
import { AfterNavigation } from '@/ui/shell/after-navigation';
import { BrowserApm } from '@/ui/shell/browser-apm';
import { BrowserTracing } from '@/ui/shell/browser-tracing';
import { OfflineBanner } from '@/ui/shell/offline-banner';
import { TopBar } from '@/ui/shell/top-bar';

export const metadata: Metadata = {
  title: { default: 'Unite CRM', template: '%s · Unite CRM' },
  description: 'The reference app of Unite: a small multi-tenant CRM.',
};

export const viewport: Viewport = {
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#ffffff' },
    { media: '(prefers-color-scheme: dark)', color: '#0f1216' },
  ],
};

export default function RootLayout({ children }: { readonly children: React.ReactNode }) {
  return (
    <html lang="en">
      <body>
        <a className="skip-link" href="#main">
          Skip to content
        </a>
        <TopBar />
        <DrillPlace />
        <OfflineBanner />
        <Flash />
        <main id="main" tabIndex={-1}>
          {children}
        </main>
        <AfterNavigation />
        <BrowserTracing />
        <BrowserApm service={browserService} />
      </body>
    </html>
  );
}
