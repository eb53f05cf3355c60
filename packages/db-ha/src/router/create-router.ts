import { LRUCache } from 'lru-cache';
import type { PgPool } from '../driver-types';
import type { ReadOptions } from '../types';
import { mayBeRead, parseStatement } from './parse-statement';
import { type DriverCluster, RoutedPool } from './routed-pool';
import { checkRouterOptions, readKnownNames, routerDefaults } from './router-options';
import type { RoutableCluster, Route, Router, RouterOptions } from './types';

const notRead: Route = Object.freeze({ target: 'primary', reason: 'not a read' });
const refused: Route = Object.freeze({ target: 'primary', reason: 'refused by a replica' });

/** Longer texts are parsed each time; a few of them would drive out everything else. */
const maxKeptLength = 16_384;

/**
 * Makes a router, for code that cannot be changed: it parses each statement once, by PostgreSQL's own parser,
 * and sends it to a replica only when nothing in it can write, lock, or depend on the server or the session.
 * Code that can be changed says `readOnly()` instead, which costs nothing and hides nothing.
 *
 * @throws TypeError for a wrong option
 * @example
 * import * as parser from 'libpg-query';
 * const router = await createRouter({ parser });
 * const pool = router.route(cluster);
 */
export async function createRouter(options: RouterOptions): Promise<Router> {
  checkRouterOptions(options);
  const { parser, maxEntries = routerDefaults.maxEntries, maxBytes = routerDefaults.maxBytes } = options;
  await parser.loadModule?.();
  const known = readKnownNames(options);
  const routes = new LRUCache<string, Route>({
    max: maxEntries,
    maxSize: maxBytes,
    maxEntrySize: 2 * maxKeptLength,
    sizeCalculation: (_route, text) => 2 * text.length,
  });

  function classify(text: string): Route {
    if (!mayBeRead(text)) return notRead;
    const remembered = routes.get(text);
    if (remembered) return remembered;
    const route = parseStatement(text, parser, known);
    routes.set(text, route);
    return route;
  }

  /** A replica knows better than the parser. */
  function refuse(text: string): void {
    routes.set(text, refused);
  }

  return {
    classify,
    route<Pool extends PgPool>(cluster: RoutableCluster<Pool>, reads?: ReadOptions): Pool {
      // A driver's pool has more members than can be named here; those of pg's pool are all there.
      const driver = cluster as unknown as DriverCluster;
      return new RoutedPool({ cluster: driver, reads, classify, refuse }) as unknown as Pool;
    },
  };
}
