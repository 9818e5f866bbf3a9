import { describe, expect, it } from 'vitest'
import { parseEnvironmentFile, parseWinhttp } from '../../../collectors/src/school-agent/system-proxy.ts'
import { parseSettings, proxyFor, readAgentConfig } from '../../../collectors/src/school-agent/config.ts'

const ENV = { EDUMON_SERVER: 'https://edumon.example', EDUMON_TOKEN: 'edu_school_x' }

describe('the settings of an agent', () => {
  it('takes lines, remarks, a byte order mark and line ends of Windows', () => {
    const text = '\uFEFF# Школа 1\r\nserver = https://edumon.example\r\n\r\nbuilding_id=7\r\n'
    expect(parseSettings(text)).toEqual({ server: 'https://edumon.example', building_id: '7' })
    expect(() => parseSettings('server = x\nтокен = y')).toThrow(/строка 2/)
  })

  it('refuses plain HTTP except to this computer', () => {
    expect(() => readAgentConfig(null, { ...ENV, EDUMON_SERVER: 'http://edumon.example' })).toThrow(/https/)
    expect(readAgentConfig(null, { ...ENV, EDUMON_SERVER: 'http://127.0.0.1:8080' }).server.port).toBe('8080')
    expect(() => readAgentConfig(null, { ...ENV, EDUMON_SERVER: 'http://127.0.0.1.example' })).toThrow(/https/)
  })

  it.each([
    ['server', { EDUMON_SERVER: '' }],
    ['token', { EDUMON_TOKEN: ' ' }],
    ['building_id', { EDUMON_BUILDING_ID: 'первый' }],
    ['page_port', { EDUMON_PAGE_PORT: '70000' }],
    ['proxy', { EDUMON_PROXY: 'socks5://proxy' }],
  ])('names the setting %s that cannot be used', (name, changes) => {
    expect(() => readAgentConfig(null, { ...ENV, ...changes })).toThrow(new RegExp(`^${name}:`))
  })

  it('takes the proxy that programs commonly take, and goes past it where that is asked for', () => {
    const config = readAgentConfig(null, {
      ...ENV,
      HTTPS_PROXY: 'http://proxy.local:3128',
      NO_PROXY: '.school.local,edu.example',
    })
    expect(proxyFor('edumon.example', config)?.host).toBe('proxy.local:3128')
    for (const host of ['127.0.0.1', 'edu.example', 'a.edu.example', 'files.school.local']) {
      expect(proxyFor(host, config)).toBeNull()
    }
    expect(proxyFor('otheredu.example', config)).not.toBeNull()
    expect(readAgentConfig(null, { ...ENV, EDUMON_PROXY: '', HTTPS_PROXY: 'http://proxy.local' }).proxy).toBeNull()
  })
})

describe("the computer's own proxy", () => {
  const ENGLISH = `
Current WinHTTP proxy settings:

    Proxy Server(s) :  proxy.school.local:3128
    Bypass List     :  *.local
`
  const RUSSIAN = `
Текущие параметры прокси WinHTTP:

    Прокси-серверы:  http=proxy.school.local:8080;https=proxy.school.local:3128
    Список обхода     :  (нет)
`

  it('is read from netsh in both languages', () => {
    for (const text of [ENGLISH, RUSSIAN]) expect(parseWinhttp(text)?.host).toBe('proxy.school.local:3128')
    expect(parseWinhttp('\nТекущие параметры прокси WinHTTP:\n\n    Прямой доступ (без прокси-сервера).\n')).toBeNull()
    expect(parseWinhttp('Current WinHTTP proxy settings:\n\n    Direct access (no proxy server).\n')).toBeNull()
  })

  it('is read from /etc/environment', () => {
    expect(parseEnvironmentFile('LANG=ru_RU.UTF-8\nhttps_proxy="http://proxy:3128/"\n')?.host).toBe('proxy:3128')
    expect(parseEnvironmentFile('# https_proxy=http://proxy:3128\nno_proxy=local\n')).toBeNull()
  })
})
