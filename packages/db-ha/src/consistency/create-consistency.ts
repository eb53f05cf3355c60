import { currentContext } from '@unite/core/context';
import { checkOptions, expects, optionChecks, systemClock, warnOnce } from '@unite/shared';
import type { ConsistencyToken } from '../types';
import { consistencyReply } from './consistency-reply';
import { openToken } from './open-token';
import { readCookie } from './read-cookie';
import { checkSecrets, defaultMaxAgeMs, sealOptionChecks } from './seal-options';
import { sealToken } from './seal-token';
import { httpName, setCookieText, tokenCookie } from './token-cookie';
import type { Consistency, ConsistencyOptions, IncomingTokens, OutgoingToken } from './types';

/**
 * Lets a client read its own writes over several requests, whichever server and replica they meet: what a
 * request wrote goes to the client as a signed token, in a cookie and a header, and comes back with the next.
 *
 * @throws TypeError for an option that is unknown or malformed
 * @example
 * const consistency = createConsistency({ cluster: db, secrets: [env.consistencySecret] });
 * const reply = consistency.receive(request);
 * await contacts.create(input);
 * const token = await reply.token();
 * if (token?.setCookie) headers.append('set-cookie', token.setCookie);
 */
export function createConsistency(options: ConsistencyOptions): Consistency {
  checkOptions('createConsistency', options, checks, ['cluster', 'secrets']);
  checkSecrets('createConsistency', options.secrets);
  const { cluster, maxAgeMs = defaultMaxAgeMs, clock = systemClock, context = currentContext } = options;
  const seal = { secrets: [...options.secrets], maxAgeMs, clock };
  const cookieOf = options.cookie === false ? undefined : tokenCookie({ ...options.cookie }, maxAgeMs);
  const cookieName = cookieOf?.('').name;
  const headerName =
    options.header === false ? undefined : (options.header ?? 'x-consistency-token').toLowerCase();
  if (!cookieOf && !headerName) {
    throw new TypeError(
      'createConsistency: options "cookie" and "header" are both false; give one of the two',
    );
  }

  return {
    receive(request) {
      if (!context()) {
        warnOnce(
          'UNITE_DB_CONSISTENCY_NO_CONTEXT',
          'A consistency token was received outside of a request’s context, so all requests of this process share one session; put withContext or contextMiddleware first',
        );
      }
      for (const text of textsOf(request)) {
        const token = openToken(text, seal);
        if (token) cluster.advanceSession(token);
      }
      return consistencyReply(cluster, outgoing);
    },
  };

  function textsOf({ headers, cookies }: IncomingTokens): (string | null | undefined)[] {
    const texts: (string | null | undefined)[] = [];
    if (headerName) texts.push(headers?.get(headerName));
    if (cookieName) {
      texts.push(
        cookies ? cookies.get(cookieName)?.value : readCookie(headers?.get('cookie') ?? '', cookieName),
      );
    }
    return texts;
  }

  function outgoing(token: ConsistencyToken): OutgoingToken {
    const value = sealToken(token, seal);
    const cookie = cookieOf?.(value);
    return {
      cookie,
      setCookie: cookie && setCookieText(cookie),
      header: headerName === undefined ? undefined : { name: headerName, value },
    };
  }
}

const checks = {
  ...sealOptionChecks,
  cluster: expects(
    'a cluster of createCluster',
    (value) => typeof (value as { advanceSession?: unknown } | null)?.advanceSession === 'function',
  ),
  cookie: expects(
    'an object or false',
    (value) => value === false || optionChecks.object(value) === undefined,
  ),
  header: (value: unknown) => (value === false ? undefined : httpName(value)),
  context: optionChecks.function,
};
