import { describe, expect, it } from 'vitest'
import { ConfigError, readConfig } from '../../../collectors/src/config.ts'

describe('readConfig', () => {
  it('has a default for every setting', () => {
    const config = readConfig('1.2.3', {})
    expect(config.api_url.href).toBe('http://127.0.0.1:8080/')
    expect(config.net.allowed_addresses).toEqual([])
    expect(config.witnesses).toEqual([])
    expect(config.net.user_agent).toMatch(/^Edumon\/1\.2\.3 \(.+\)$/)
  })

  it.each([
    ['EDUMON_API_URL', 'not an address'],
    ['EDUMON_CONCURRENCY', '0'],
    ['EDUMON_CONCURRENCY', '1e3'],
    ['EDUMON_ALLOW_ADDRESSES', '127.0.0.0/8, local'],
    ['EDUMON_WITNESSES', 'https://a.example,ftp://b.example'],
    ['EDUMON_HOSTS_FILE', '/nowhere/hosts.json'],
    ['EDUMON_EXTRA_CA_FILE', '/dev/null'],
    ['EDUMON_COLLECTOR_NAME', 'Мой сборщик'],
    ['EDUMON_CONTACT', 'line\nbreak'],
    ['EDUMON_PROBE_TOTAL_MS', '-5'],
    ['EDUMON_LOG_LEVEL', 'loud'],
  ])('names %s when its value "%s" cannot be used', (name, value) => {
    expect(() => readConfig('1.2.3', { [name]: value })).toThrow(ConfigError)
    expect(() => readConfig('1.2.3', { [name]: value })).toThrow(name)
  })
})
