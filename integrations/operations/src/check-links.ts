import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { OperationsCheck } from './check-types';
import { repository } from './places';
import { filesIn } from './queries';

export const checkLinks: OperationsCheck = {
  name: 'links',
  by: 'the files and headings that they lead to',
  async run(operations) {
    return filesIn(operations, '.', '.md').flatMap((page) => {
      const text = readFileSync(join(operations, page), 'utf8').replace(/^```.*?^```/gms, '');
      const targets = [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, target = '']) => target);
      return targets
        .filter((target) => !/^https?:/.test(target) && !leadsSomewhere(operations, page, target))
        .map((target) => `${page}: ${target} leads nowhere`);
    });
  },
};

function leadsSomewhere(operations: string, page: string, target: string): boolean {
  const [path = '', heading] = target.split('#');
  const relative = path === '' ? page : join(dirname(page), path);
  // What leads out of the folder is looked for where the folder belongs.
  const file = relative.startsWith('..')
    ? join(repository, 'docs/operations', relative)
    : join(operations, relative);
  if (!existsSync(file)) return false;
  return heading === undefined || headingsOf(file).includes(heading);
}

function headingsOf(file: string): readonly string[] {
  return [...readFileSync(file, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
