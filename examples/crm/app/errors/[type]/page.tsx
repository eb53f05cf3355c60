import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { safeExamples } from '@/lib/safe-examples';
import { problems } from '@/lib/unite';
import { BackLink } from '@/ui/back-link';
import { CodeBlock } from '@/ui/code-block';
import { LiveExample } from '@/ui/errors/live-example';
import { Screen } from '@/ui/shell/screen';
import styles from '../errors.module.css';

export async function generateMetadata({ params }: PageProps<'/errors/[type]'>): Promise<Metadata> {
  return { title: entryOf((await params).type).definition.title };
}

/** What one kind of problem means and what to do about it: the page behind every `type`. */
export default async function ErrorTypePage({ params }: PageProps<'/errors/[type]'>) {
  const { slug, uri, definition } = entryOf((await params).type);
  const example = problems.toJSON(problems.error(slug as 'validation', definition.example));
  const live = safeExamples[slug];
  return (
    <Screen
      title={definition.title}
      summary={
        <>
          HTTP status {definition.status}, <code>{uri}</code>
        </>
      }
      back={<BackLink href="/errors">Errors</BackLink>}
    >
      <article className={styles.article}>
        {definition.description && (
          <section>
            <h2>What it means</h2>
            <p>{definition.description}</p>
          </section>
        )}
        {definition.fix && (
          <section>
            <h2>What to do</h2>
            <p>{withCode(definition.fix)}</p>
          </section>
        )}
        {live && (
          <section>
            <h2>Try it</h2>
            <LiveExample {...live} />
          </section>
        )}
        <section>
          <h2>What the API answers</h2>
          <CodeBlock label="Example document">{JSON.stringify(example, null, 2)}</CodeBlock>
        </section>
      </article>
    </Screen>
  );
}

function entryOf(slug: string) {
  return problems.registry.find((entry) => !entry.builtIn && entry.slug === slug) ?? notFound();
}

/** What stands between backticks, as code. */
function withCode(text: string): React.ReactNode[] {
  return text.split('`').map((part, index) => (index % 2 === 0 ? part : <code key={index}>{part}</code>));
}
