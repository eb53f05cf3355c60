import type { Metadata } from 'next';
import Link from 'next/link';
import { env } from '@/lib/env';
import { readApmReport } from '@/lib/ops/read-apm-report';
import { roleAllows } from '@/lib/roles';
import { signedIn } from '@/lib/signed-in';
import { page } from '@/lib/unite';
import { AskForError } from '@/ui/apm/ask-for-error';
import { ErrorList } from '@/ui/apm/error-list';
import { ObjectiveList } from '@/ui/apm/objective-list';
import styles from '@/ui/apm/panels.module.css';
import { RouteTable } from '@/ui/apm/route-table';
import { SinkAccount } from '@/ui/apm/sink-account';
import { BackLink } from '@/ui/back-link';
import { EmptyState } from '@/ui/empty-state';
import { Screen } from '@/ui/shell/screen';

export const metadata: Metadata = { title: 'Errors and objectives' };

export default async function ApmPage() {
  const { role } = await signedIn();
  const frame = {
    title: 'Errors and objectives',
    summary: 'What this process promised, what it answered, and what went wrong since it started.',
    back: <BackLink href="/ops">Ops</BackLink>,
  };
  if (!roleAllows(role, 'read ops')) {
    return (
      <Screen {...frame}>
        <EmptyState title={`Owners see errors. You are signed in as a ${role}.`} />
      </Screen>
    );
  }
  const { slos, routes, errors, integrity, budget } = await page(() => readApmReport());
  return (
    <Screen
      {...frame}
      actions={
        <Link className="button" href="/ops/traces" prefetch={false}>
          Traces
        </Link>
      }
    >
      <div className={styles.board}>
        <ObjectiveList slos={slos} />
        <ErrorList
          errors={errors.slice(0, 20)}
          total={errors.length}
          action={env.isDemo && <AskForError />}
        />
        <RouteTable routes={routes} />
        <SinkAccount integrity={integrity} budget={budget} />
      </div>
    </Screen>
  );
}
