import { listWorkspaces } from '@/lib/directory';
import { env } from '@/lib/env';
import { requestFacts } from '@/lib/request-facts';
import { page } from '@/lib/unite';
import { Screen } from '@/ui/shell/screen';
import { FirstSteps } from '@/ui/sign-in/first-steps';
import { SignIn } from '@/ui/sign-in/sign-in';
import { WorkspaceCard } from '@/ui/sign-in/workspace-card';
import styles from './page.module.css';

/** Where a newcomer starts: choose whom to be. `?returnTo=/usage` is where a page was asked for without a session. */
export default async function StartPage({ searchParams }: PageProps<'/'>) {
  const { signIn, returnTo } = await searchParams;
  // Who there is, is for nobody to know but in a demo.
  const reads = env.isDemo ? page(listWorkspaces) : Promise.resolve([]);
  const [workspaces, current] = await Promise.all([reads, page(() => requestFacts()?.session?.userId)]);
  const target = textOf(returnTo);
  return (
    <Screen
      title={env.isDemo ? 'Choose a workspace' : 'Sign in'}
      summary={
        env.isDemo
          ? 'Four customers of a small CRM, one on each plan. Roles differ in what people see and may change.'
          : 'By the account of your organisation.'
      }
      reads={reads}
    >
      <SignIn outcome={textOf(signIn)} returnTo={target} />
      <ul className={styles.cards}>
        {workspaces.map((workspace) => (
          <WorkspaceCard key={workspace.id} workspace={workspace} current={current} returnTo={target} />
        ))}
      </ul>
      {env.isDemo && <FirstSteps />}
    </Screen>
  );
}

/** A parameter that is given once. */
function textOf(parameter: string | string[] | undefined): string | undefined {
  return typeof parameter === 'string' ? parameter : undefined;
}
