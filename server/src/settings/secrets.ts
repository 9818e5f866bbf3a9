import { readFileSync } from 'node:fs'
import { ConfigError, type Env } from './read-setting.ts'

/** Settings that may be given as a file instead: NAME_FILE holds the path, as secrets of containers come. */
const SECRETS = [
  'DATABASE_URL',
  'EDUMON_OWNER_DATABASE_URL',
  'EDUMON_DATABASE_PASSWORD',
  'EDUMON_OWNER_DATABASE_PASSWORD',
  'EDUMON_TOKEN',
] as const

const PASSWORDS = [
  ['DATABASE_URL', 'EDUMON_DATABASE_PASSWORD'],
  ['EDUMON_OWNER_DATABASE_URL', 'EDUMON_OWNER_DATABASE_PASSWORD'],
] as const

/** The text with the password of every address in it hidden. */
export function withoutPassword(text: string): string {
  return text.replace(/(:\/\/[^\s:/?#@]*):[^\s/?#]*@/g, '$1:…@')
}

function readSecret(env: Env, name: string): string | undefined {
  const path = env[`${name}_FILE`]
  if (path === undefined || path === '') return env[name]
  if (env[name] !== undefined && env[name] !== '')
    throw new ConfigError(`${name}_FILE`, path, `${name} not to be set too`)
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    throw new ConfigError(`${name}_FILE`, path, 'a file that can be read')
  }
}

function withPassword(name: string, url: string, password: string): string {
  if (!URL.canParse(url)) return url
  const address = new URL(url)
  if (address.password !== '') throw new ConfigError(name, '…', `no password in the address as well`)
  address.password = encodeURIComponent(password)
  return address.href
}

/**
 * The environment with what its files hold, and with the passwords of the databases in their addresses.
 * @throws ConfigError when a file cannot be read, or a secret is given twice
 */
export function withSecrets(env: Env): Env {
  const settings: Record<string, string | undefined> = { ...env }
  for (const name of SECRETS) settings[name] = readSecret(env, name)
  for (const [name, passwordName] of PASSWORDS) {
    const url = settings[name] ?? ''
    const password = settings[passwordName] ?? ''
    if (url !== '' && password !== '') settings[name] = withPassword(passwordName, url, password)
  }
  return settings
}
