import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { OperationsCheck } from './check-types';
import { repository } from './places';
import { filesIn } from './queries';

/** What whoever is woken at night looks for, in this order. */
const sections = ['Symptom', 'Impact', 'First look', 'Commands', 'Escalation', 'Afterwards'];

export const checkRunbooks: OperationsCheck = {
  name: 'runbooks',
  by: 'the alerts: a page each, whole, in the index; commands that exist',
  async run(operations) {
    const severities = severitiesIn(operations);
    const index = readFileSync(join(operations, 'README.md'), 'utf8');
    const pages = readdirSync(join(operations, 'runbooks')).filter((name) => name !== 'README.md');
    const orphans = pages.filter((page) => !severities.has(page.replace(/\.md$/, '')));
    const complaints = [...severities].flatMap(([alert, severity]) => {
      const page = `runbooks/${alert}.md`;
      const file = join(operations, page);
      if (!existsSync(file)) return [`${page} is missing`];
      const text = readFileSync(file, 'utf8');
      const row = index.split('\n').find((line) => line.includes(`](./${page})`)) ?? '';
      return [
        ...(text.startsWith(`# ${alert}\n`) ? [] : [`${page}: its title is not ${alert}`]),
        ...(new RegExp(`^Severity: ${severity}\\. Owner: .+\\.$`, 'm').test(text)
          ? []
          : [`${page}: a line "Severity: ${severity}. Owner: …." is missing`]),
        ...missingSections(text).map(
          (section) => `${page}: ${section} is missing, empty, or not in its place`,
        ),
        ...(row.includes(`| ${severity.split(' ')[0]}`)
          ? []
          : [`README.md: no row for ${alert}, which is for a ${severity}`]),
        ...unknownCommands(text).map((command) => `${page}: there is no ${command}`),
      ];
    });
    return [...complaints, ...orphans.map((page) => `runbooks/${page} belongs to no alert`)];
  },
};

/** Of every alert: `page`, `ticket`, or `page and ticket`. */
function severitiesIn(operations: string): ReadonlyMap<string, string> {
  const found = new Map<string, Set<string>>();
  for (const file of filesIn(operations, 'generated/prometheus', '.rules.yml')) {
    const { groups } = parse(readFileSync(join(operations, file), 'utf8')) as {
      groups: { rules: { alert?: string; labels?: { severity?: string } }[] }[];
    };
    for (const { alert, labels } of groups.flatMap(({ rules }) => rules)) {
      if (alert === undefined) continue;
      found.set(alert, (found.get(alert) ?? new Set()).add(String(labels?.severity)));
    }
  }
  return new Map([...found].map(([alert, severities]) => [alert, [...severities].sort().join(' and ')]));
}

function missingSections(text: string): readonly string[] {
  const parts = text.split(/^## /m).slice(1);
  return sections.filter((section, index) => {
    const [title = '', ...body] = (parts[index] ?? '').split('\n');
    return title !== section || body.join('').trim() === '';
  });
}

/** Scripts of the root, commands of `unite`, and addresses of the application, as far as a page shows them. */
function unknownCommands(text: string): readonly string[] {
  const { scripts } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8')) as {
    scripts: object;
  };
  const shown = [...text.matchAll(/^```sh\n(.*?)^```/gms)].map(([, block = '']) => block).join('\n');
  const runs = [...shown.matchAll(/npm run (?:-s )?(\S+)/g)].filter(([, name = '']) => !(name in scripts));
  const commands = readFileSync(join(repository, 'packages/ops/src/config/command-names.ts'), 'utf8');
  const unites = [...shown.matchAll(/npm run unite -- (\w+)/g)].filter(
    ([, name = '']) => !commands.includes(`'${name}'`) && name !== 'keys',
  );
  const pages = [
    ...text.matchAll(/(?:https:\/\/crm\.example\.com|http:\/\/127\.0\.0\.1:3001)(\/[\w/-]*)/g),
  ].filter(([, path = '']) => !isRoute(path));
  return [...runs, ...unites, ...pages].map(([all]) => all);
}

function isRoute(path: string): boolean {
  const app = join(repository, 'examples/crm/app');
  const folder = join(app, path);
  const isPage = ['page.tsx', 'route.ts'].some((name) => existsSync(join(folder, name)));
  // Those of health are one route, with the name of the page as its parameter; those of the dashboard are its screens.
  const [, first = '', screen] = path.split('/');
  if (existsSync(join(app, first, '[...page]', 'route.ts'))) return true;
  const screens = join(repository, 'packages/ops/src/dashboard/client/screens');
  const isDashboard = existsSync(join(app, first, '[[...path]]', 'route.ts'));
  return isPage || (isDashboard && existsSync(join(screens, `${screen ?? 'now'}-screen.tsx`)));
}
