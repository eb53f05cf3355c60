import type { Metadata } from 'next';
import Link from 'next/link';
import { readError } from '@/lib/ops/read-apm-report';
import { roleAllows } from '@/lib/roles';
import { signedIn } from '@/lib/signed-in';
import { page } from '@/lib/unite';
import { ErrorFacts } from '@/ui/apm/error-facts';
import { FeedbackForm } from '@/ui/apm/feedback-form';
import styles from '@/ui/apm/panels.module.css';
import { StackList } from '@/ui/apm/stack-list';
import { BackLink } from '@/ui/back-link';
import { EmptyState } from '@/ui/empty-state';
import { Screen } from '@/ui/shell/screen';

export const metadata: Metadata = { title: 'Error' };

export default async function ErrorPage({ params }: PageProps<'/ops/apm/errors/[id]'>) {
  const { role } = await signedIn();
  const { id } = await params;
  const back = <BackLink href="/ops/apm">Errors and objectives</BackLink>;
  if (!roleAllows(role, 'read ops')) {
    return (
      <Screen title="Error" back={back}>
        <EmptyState title={`Owners see errors. You are signed in as a ${role}.`} />
      </Screen>
    );
  }
  const event = await page(() => readError(id));
  if (!event) {
    return (
      <Screen title="Error" back={back}>
        <EmptyState title="This process does not have that error: it has made room for newer ones, or happened in another process.">
          <Link className="button" href="/ops/apm" prefetch={false}>
            See the last ones
          </Link>
        </EmptyState>
      </Screen>
    );
  }
  const [{ type, message }] = event.exceptions;
  return (
    <Screen title={type} summary={message} back={back}>
      <div className={styles.board}>
        <ErrorFacts event={event} />
        <StackList exceptions={event.exceptions} />
        <FeedbackForm about={{ eventId: event.id }} />
      </div>
    </Screen>
  );
}
