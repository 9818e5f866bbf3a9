import { readFileSync } from 'node:fs'
import { readClaimGrants, type ClaimGrant } from '../access/openid-connect/claim-grants.ts'
import { ConfigError, type Env } from './read-setting.ts'

/** Sign-in through an identity provider. */
export interface OpenIdConnectConfig {
  /** Address of the provider, whose discovery document says the rest. */
  issuer: string
  client_id: string
  /** Null: a public client, which PKCE alone protects. */
  client_secret: string | null
  /** Which claims give which rights. */
  grants: readonly ClaimGrant[]
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]'])

function readIssuer(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.has(url.hostname))
  if (url !== null && isSafe && url.search === '' && url.hash === '' && url.username === '') return text
  throw new ConfigError('EDUMON_OIDC_ISSUER', text, 'an https address, as the provider names itself')
}

function readText(env: Env, name: string): string | null {
  const text = env[name]?.trim()
  return text === undefined || text === '' ? null : text
}

function readGrantsFile(file: string | null): ClaimGrant[] {
  const name = 'EDUMON_OIDC_GRANTS_FILE'
  if (file === null) throw new ConfigError(name, '', 'a file that says which claims give which rights')
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    throw new ConfigError(name, file, 'a readable file')
  }
  const read = readClaimGrants(text)
  if ('fault' in read) throw new ConfigError(`${name} ${file}, ${read.place}`, read.found, read.fault)
  return read.grants
}

/**
 * Reads the settings of the sign-in through an identity provider; null when no issuer is named.
 * @throws ConfigError that names the setting, or the file and the place in it
 */
export function readOpenIdConnect(env: Env, public_origin: string | null): OpenIdConnectConfig | null {
  const issuer = readText(env, 'EDUMON_OIDC_ISSUER')
  if (issuer === null) return null
  const client_id = readText(env, 'EDUMON_OIDC_CLIENT_ID')
  if (client_id === null) throw new ConfigError('EDUMON_OIDC_CLIENT_ID', '', 'the name of this client at the provider')
  if (public_origin === null) {
    throw new ConfigError('EDUMON_PUBLIC_URL', '', 'the address that the provider sends people back to')
  }
  return {
    issuer: readIssuer(issuer),
    client_id,
    client_secret: readText(env, 'EDUMON_OIDC_CLIENT_SECRET'),
    grants: readGrantsFile(readText(env, 'EDUMON_OIDC_GRANTS_FILE')),
  }
}
