/** A setting that cannot be used; the message names it, what was found, and what is expected. */
export class ConfigError extends Error {
  constructor(name: string, found: string, expected: string) {
    super(`${name}: found "${found}", expected ${expected}`)
    this.name = 'ConfigError'
  }
}
