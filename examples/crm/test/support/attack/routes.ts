import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

/** A route of the application, as its files say. */
export interface Route {
  /** `/api/contacts/[id]` */
  readonly template: string;
  readonly isPage: boolean;
  /** What it answers to. A page answers to GET. */
  readonly methods: readonly string[];
  /** What it answers to with 405 alone. */
  readonly refused: readonly string[];
}

const app = join(__dirname, '../../../app');

/** Every route there is: read from the files, so that a new one cannot be forgotten. */
export const routes: readonly Route[] = readdirSync(app, { recursive: true, encoding: 'utf8' })
  .filter((file) => /(^|\/)(page\.tsx|route\.ts)$/.test(file.split(sep).join('/')))
  .map((file) => routeOf(join(app, file)))
  .toSorted((one, other) => one.template.localeCompare(other.template));

function routeOf(file: string): Route {
  const folder = relative(app, dirname(file)).split(sep).join('/');
  const template = `/${folder}`;
  if (file.endsWith('page.tsx')) return { template, isPage: true, methods: ['GET'], refused: [] };
  const source = readFileSync(file, 'utf8');
  const exported = [...source.matchAll(/export const ([A-Z]+) = (.*)/g)].map(
    ([, method = '', value = '']) => ({
      method,
      isRefused: value.includes('refuse.'),
    }),
  );
  const renamed = [...source.matchAll(/\bas ([A-Z]+)\b/g)].map(([, method = '']) => ({
    method,
    isRefused: false,
  }));
  const all = [...exported, ...renamed];
  return {
    template,
    isPage: false,
    methods: all.filter(({ isRefused }) => !isRefused).map(({ method }) => method),
    refused: all.filter(({ isRefused }) => isRefused).map(({ method }) => method),
  };
}
