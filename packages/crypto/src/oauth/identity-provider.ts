import type { Clock } from '@unite/core';
import type { Configuration, IDToken } from 'openid-client';
import { CryptoError } from '../errors';
import { boundedFetch } from './bounded-fetch';
import type { LoginAttempt } from './login-attempts';
import { discoveryError, loginError, misfit, unavailable } from './login-error';
import type { LoginClaims, LoginTokens } from './login-types';
import { challengeOf } from './pkce';

/** A changed key or endpoint is found after this time. */
const discoveryTtlMs = 3_600_000;
/** How long what was known is used on while it cannot be asked for. */
const retryMs = 30_000;

/** How a provider is reached. */
export interface IdentityProviderOptions {
  readonly issuer: URL;
  readonly clientId: string;
  readonly clientSecret: string | undefined;
  readonly clientAuthentication: 'basic' | 'post';
  readonly redirectUri: URL;
  readonly userInfo: boolean;
  readonly allowInsecureHttp: boolean;
  readonly timeoutMs: number;
  readonly fetch: typeof globalThis.fetch | undefined;
  readonly clock: Clock;
}

/** Who signed in. */
export interface Identity {
  readonly claims: LoginClaims;
  readonly tokens: LoginTokens;
}

/** A provider by OpenID Connect. It is asked for its endpoints at the first login, so that nothing waits for it at start. */
export class IdentityProvider {
  readonly #options: IdentityProviderOptions;
  #known: { readonly configuration: Configuration; readonly untilMs: number } | undefined;
  #discovery: Promise<Configuration> | undefined;

  constructor(options: IdentityProviderOptions) {
    this.#options = options;
  }

  /** @throws CryptoError `UNITE_CRYPTO_LOGIN_UNAVAILABLE` */
  async authorizationUrl(
    attempt: LoginAttempt,
    parameters: Readonly<Record<string, string>>,
  ): Promise<string> {
    const { buildAuthorizationUrl } = await import('openid-client');
    const configuration = await this.#configuration();
    return buildAuthorizationUrl(configuration, {
      ...parameters,
      redirect_uri: this.#options.redirectUri.href,
      state: attempt.state,
      nonce: attempt.nonce,
      code_challenge: challengeOf(attempt.verifier),
      code_challenge_method: 'S256',
    }).href;
  }

  /** Checks the callback, and exchanges its code once. @throws CryptoError `UNITE_CRYPTO_LOGIN_…` */
  async exchange(callback: URLSearchParams, attempt: LoginAttempt): Promise<Identity> {
    const client = await import('openid-client');
    const configuration = await this.#configuration();
    // Proxies may have changed how the request names its own address.
    const url = new URL(this.#options.redirectUri);
    url.search = callback.toString();
    try {
      const answer = await client.authorizationCodeGrant(configuration, url, {
        expectedState: attempt.state,
        expectedNonce: attempt.nonce,
        pkceCodeVerifier: attempt.verifier,
      });
      // An ID token was demanded with the nonce.
      const idClaims = answer.claims() as IDToken;
      // It must be an identifier (OpenID Connect Core §2): all whom nobody names would be one person.
      if (idClaims.sub.trim() === '') throw misfit('its ID token names nobody');
      const more = this.#options.userInfo
        ? await client.fetchUserInfo(configuration, answer.access_token, idClaims.sub)
        : undefined;
      return {
        claims: { ...more, ...idClaims },
        tokens: {
          accessToken: answer.access_token,
          refreshToken: answer.refresh_token,
          idToken: answer.id_token as string,
          scope: answer.scope,
          expiresAtMs:
            answer.expires_in === undefined
              ? undefined
              : this.#options.clock.wallMs() + answer.expires_in * 1000,
        },
      };
    } catch (error) {
      throw CryptoError.isInstance(error) ? error : loginError(error);
    }
  }

  /** Where the provider signs out, if it does. OpenID Connect RP-Initiated Logout §2 */
  async logoutUrl(postLogoutRedirectUri: URL): Promise<string | undefined> {
    const { buildEndSessionUrl } = await import('openid-client');
    const configuration = await this.#configuration();
    if (!configuration.serverMetadata().end_session_endpoint) return undefined;
    return buildEndSessionUrl(configuration, { post_logout_redirect_uri: postLogoutRedirectUri.href }).href;
  }

  async #configuration(): Promise<Configuration> {
    const known = this.#known;
    if (known && this.#options.clock.monotonicMs() < known.untilMs) return known.configuration;
    this.#discovery ??= this.#discover().finally(() => {
      this.#discovery = undefined;
    });
    return this.#discovery;
  }

  async #discover(): Promise<Configuration> {
    const client = await import('openid-client');
    const {
      issuer,
      clientId,
      clientSecret,
      clientAuthentication,
      allowInsecureHttp,
      timeoutMs,
      fetch,
      clock,
    } = this.#options;
    const authentication =
      clientAuthentication === 'basic' ? client.ClientSecretBasic : client.ClientSecretPost;
    try {
      const configuration = await client.discovery(
        issuer,
        clientId,
        undefined,
        clientSecret === undefined ? client.None() : authentication(clientSecret),
        {
          timeout: timeoutMs / 1000,
          // Signatures are checked although the token came from the provider itself.
          execute: [
            client.enableNonRepudiationChecks,
            ...(allowInsecureHttp ? [client.allowInsecureRequests] : []),
          ],
          [client.customFetch]: boundedFetch(fetch),
        },
      );
      // Throws where the endpoint is missing, or not as secure as it has to be.
      client.buildAuthorizationUrl(configuration, {});
      demandS256(configuration);
      this.#known = { configuration, untilMs: clock.monotonicMs() + discoveryTtlMs };
      return configuration;
    } catch (error) {
      if (this.#known) {
        const { configuration } = this.#known;
        this.#known = { configuration, untilMs: clock.monotonicMs() + retryMs };
        return configuration;
      }
      if (CryptoError.isInstance(error)) throw error;
      throw discoveryError(error);
    }
  }
}

/** Who says nothing about PKCE may still do it; who names other methods alone does not. RFC 8414 §2 */
function demandS256(configuration: Configuration): void {
  const methods = configuration.serverMetadata().code_challenge_methods_supported;
  if (methods && !methods.includes('S256')) throw unavailable('it offers PKCE without S256');
}
