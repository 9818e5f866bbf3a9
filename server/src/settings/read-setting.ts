/** Settings by name, as a process finds them. */
export type Env = Readonly<Record<string, string | undefined>>

/** A setting that cannot be used; the message names it, what was found, and what is expected. */
export class ConfigError extends Error {
  constructor(name: string, found: string, expected: string) {
    super(`${name}: found "${found}", expected ${expected}`)
    this.name = 'ConfigError'
  }
}

export function readInteger(env: Env, name: string, fallback: number, min: number, max: number): number {
  const text = env[name]
  if (text === undefined || text === '') return fallback
  const value = Number(text)
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new ConfigError(name, text, `a whole number from ${min} to ${max}`)
  }
  return value
}

export function readYesNo(env: Env, name: string, fallback: boolean): boolean {
  const text = env[name]
  if (text === undefined || text === '') return fallback
  if (text !== 'yes' && text !== 'no') throw new ConfigError(name, text, 'yes or no')
  return text === 'yes'
}
