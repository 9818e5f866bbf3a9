import * as client from 'openid-client'
import { CodedError } from '../../errors.ts'

/** What one sign-in under way is known by; kept by the browser alone. */
export interface SignInState {
  state: string
  nonce: string
  code_verifier: string
}

/** Who the provider vouches for. */
export interface ProvedIdentity {
  issuer: string
  subject: string
  claims: Readonly<Record<string, unknown>>
}

export interface ProviderOptions {
  issuer: string
  client_id: string
  client_secret: string | null
  /** Address that the provider sends people back to. */
  redirect_uri: string
}

const DISCOVERY_KEPT_MS = 3_600_000
const ANSWER_TIMEOUT_S = 10
/** Clocks of servers differ. */
const CLOCK_TOLERANCE_S = 60
const SCOPE = 'openid profile email'

function toCodedError(error: unknown): CodedError {
  if (error instanceof CodedError) return error
  if (error instanceof client.AuthorizationResponseError) {
    return new CodedError('EDU_OPENID_CONNECT_REFUSED', 'Поставщик удостоверений отказал во входе', undefined, {
      cause: error,
    })
  }
  const isUnreachable = error instanceof TypeError || (error instanceof Error && error.name === 'TimeoutError')
  return isUnreachable
    ? new CodedError('EDU_OPENID_CONNECT_UNAVAILABLE', 'Поставщик удостоверений не отвечает', undefined, {
        cause: error,
      })
    : new CodedError('EDU_OPENID_CONNECT_INTERRUPTED', 'Вход не завершён: начните его заново', undefined, {
        cause: error,
      })
}

/** An identity provider, spoken to by the authorization code flow with PKCE, state and nonce. */
export class IdentityProvider {
  readonly #options: ProviderOptions
  #found: { configuration: Promise<client.Configuration>; at: number } | null = null

  constructor(options: ProviderOptions) {
    this.#options = options
  }

  /** Where to send the browser, and what it must bring back. @throws EDU_OPENID_CONNECT_UNAVAILABLE */
  async begin(): Promise<{ address: string; under_way: SignInState }> {
    try {
      const configuration = await this.#discover()
      const code_verifier = client.randomPKCECodeVerifier()
      const under_way = { state: client.randomState(), nonce: client.randomNonce(), code_verifier }
      const address = client.buildAuthorizationUrl(configuration, {
        redirect_uri: this.#options.redirect_uri,
        scope: SCOPE,
        state: under_way.state,
        nonce: under_way.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(code_verifier),
        code_challenge_method: 'S256',
      })
      return { address: address.href, under_way }
    } catch (error) {
      throw toCodedError(error)
    }
  }

  /**
   * Takes what the browser brought back; the library checks state, issuer, signature, audience, times and nonce.
   * @param search query of the callback, with "?"
   * @throws EDU_OPENID_CONNECT_REFUSED, EDU_OPENID_CONNECT_INTERRUPTED, EDU_OPENID_CONNECT_UNAVAILABLE
   */
  async finish(search: string, under_way: SignInState): Promise<ProvedIdentity> {
    try {
      const configuration = await this.#discover()
      const tokens = await client.authorizationCodeGrant(
        configuration,
        new URL(`${this.#options.redirect_uri}${search}`),
        {
          expectedState: under_way.state,
          expectedNonce: under_way.nonce,
          pkceCodeVerifier: under_way.code_verifier,
          idTokenExpected: true,
        },
      )
      const proved = tokens.claims()
      if (proved === undefined) throw new Error('The provider sent no ID token')
      const { issuer, userinfo_endpoint } = configuration.serverMetadata()
      const more =
        userinfo_endpoint === undefined
          ? {}
          : await client.fetchUserInfo(configuration, tokens.access_token, proved.sub)
      return { issuer, subject: proved.sub, claims: { ...more, ...proved } }
    } catch (error) {
      throw toCodedError(error)
    }
  }

  /** The provider's own description, asked for once an hour; a failure is not kept. */
  #discover(): Promise<client.Configuration> {
    if (this.#found !== null && Date.now() - this.#found.at < DISCOVERY_KEPT_MS) return this.#found.configuration
    const { issuer, client_id, client_secret } = this.#options
    const address = new URL(issuer)
    const configuration = client.discovery(
      address,
      client_id,
      { ...(client_secret === null ? {} : { client_secret }), [client.clockTolerance]: CLOCK_TOLERANCE_S },
      client_secret === null ? client.None() : client.ClientSecretBasic(client_secret),
      // The settings allow plain HTTP on this machine alone.
      { timeout: ANSWER_TIMEOUT_S, execute: address.protocol === 'http:' ? [client.allowInsecureRequests] : [] },
    )
    const found = { configuration, at: Date.now() }
    this.#found = found
    configuration.catch(() => {
      if (this.#found === found) this.#found = null
    })
    return configuration
  }
}
