import { describeValue } from '@unite/shared';
import { addressKey } from '../key/address-key';
import { keyOfText } from '../key/identifier-key';
import { maxAmount } from '../store/max-amount';
import { allowedAttempt, refusedAttempt } from './auth-attempt';
import { authLimiterOptions } from './auth-limiter-options';
import type { AuthAttempt, AuthLimiter, AuthLimiterOptions, AuthRequest } from './auth-types';
import { FailureCounter } from './failure-counter';
import { StoreDeadline } from './store-deadline';

/**
 * Makes guessing slow: of one account from many addresses, and of many accounts from one address (NIST SP 800-63B
 * §5.2.2). Failures beyond the free ones close the door for a time that doubles with each.
 *
 * A failure is charged before the password is looked at, so that no number of guesses at once passes by the count.
 * What is answered depends on the attempts alone, and is the same for an account that does not exist. Whoever knows
 * an account can keep it closed for up to `maxWaitMs` at a time: let known devices in by another way.
 *
 * @throws TypeError for options that are none
 * @example
 * const limiter = createAuthLimiter({ store: redisStore(redis) });
 * const attempt = await limiter.attempt({ account: email, address: clientKey(request) });
 * attempt.throwIfRefused();
 * if (await passwordIsRight(email, password)) await attempt.succeed();
 */
export function createAuthLimiter(options: AuthLimiterOptions): AuthLimiter {
  return new StoreAuthLimiter(authLimiterOptions(options));
}

interface Keys {
  readonly account: string;
  readonly address: string | undefined;
}

class StoreAuthLimiter implements AuthLimiter {
  readonly #accounts: FailureCounter;
  readonly #addresses: FailureCounter;
  readonly #deadline: StoreDeadline;
  readonly #counts = { allowed: 0, refused: 0, unavailable: 0, kept: 0 };

  constructor(options: ReturnType<typeof authLimiterOptions>) {
    const { store, name } = options;
    this.#accounts = new FailureCounter(store, `auth:${name}:account`, options.account);
    this.#addresses = new FailureCounter(store, `auth:${name}:address`, options.address);
    this.#deadline = new StoreDeadline(store.isLocal ? undefined : options.storeTimeoutMs, options.clock);
  }

  async attempt(request: AuthRequest): Promise<AuthAttempt> {
    const keys = keysOf(request);
    const waitMs = await this.#deadline
      .run(
        () => this.#charge(keys),
        // Nobody will look at that password.
        (lateMs) => lateMs === 0 && this.#takeBack(keys, 1),
      )
      .catch((error: unknown) => {
        this.#counts.unavailable += 1;
        throw error;
      });
    this.#counts[waitMs === 0 ? 'allowed' : 'refused'] += 1;
    return waitMs === 0 ? allowedAttempt(() => this.#takeBack(keys, maxAmount)) : refusedAttempt(waitMs);
  }

  statistics() {
    return { ...this.#counts };
  }

  /** The address first: one that is closed does not touch the account of somebody else. */
  async #charge({ account, address }: Keys): Promise<number> {
    const addressWaitMs = address === undefined ? 0 : await this.#addresses.charge(address);
    if (addressWaitMs > 0) return Math.max(addressWaitMs, await this.#accounts.waitMs(account));
    let isAllowed = false;
    try {
      const accountWaitMs = await this.#accounts.charge(account);
      isAllowed = accountWaitMs === 0;
      return accountWaitMs;
    } finally {
      if (!isAllowed) await this.#takeBackOne(this.#addresses, address, 1);
    }
  }

  /** Failures of the account, and one of the address. */
  async #takeBack({ account, address }: Keys, accountFailures: number): Promise<void> {
    await Promise.all([
      this.#takeBackOne(this.#accounts, account, accountFailures),
      this.#takeBackOne(this.#addresses, address, 1),
    ]);
  }

  async #takeBackOne(counter: FailureCounter, key: string | undefined, failures: number): Promise<void> {
    if (key === undefined) return;
    try {
      await this.#deadline.run(() => counter.takeBack(key, failures));
    } catch {
      this.#counts.kept += 1;
    }
  }
}

function keysOf(request: AuthRequest): Keys {
  if (typeof request !== 'object' || request === null) {
    throw new TypeError(`attempt: request must be an object with an account, got ${describeValue(request)}`);
  }
  const { account, address } = request;
  return {
    account: keyOfText('attempt: "account"', account),
    address: address === undefined ? undefined : keyOfAddressText(address),
  };
}

/** What is no address is a key already, such as `2001:db8:1:2::/64` or `unknown`. */
function keyOfAddressText(text: string): string {
  return (typeof text === 'string' ? addressKey(text) : undefined) ?? keyOfText('attempt: "address"', text);
}
