import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** What a school sets: one small file, or variables of the same names in capitals with EDUMON_ before. */
export interface AgentConfig {
  server: URL
  token: string
  /** Number of the building that the computer stands in; null: the only one of the school. */
  building_id: number | null
  data_dir: string
  /** From the file, or from the variables that programs commonly take it from; null: none. */
  proxy: URL | null
  /** Somebody has said which proxy, or that there is none: the computer's own settings do not count then. */
  is_proxy_stated: boolean
  /** Hosts that are reached straight, and all below them. */
  no_proxy: string[]
  /** File with roots that the region's servers have their certificates from; null: public ones. */
  ca_file: string | null
  /** Port of the local page; 0: none. */
  page_port: number
}

/** A setting that cannot be used: the message names it and says what is expected, in Russian for who installs. */
export class AgentConfigError extends Error {}

type Env = Readonly<Record<string, string | undefined>>
type Settings = Readonly<Record<string, string>>

const NAMES = ['server', 'token', 'building_id', 'data_dir', 'proxy', 'no_proxy', 'ca_file', 'page_port'] as const
type Name = (typeof NAMES)[number]
const PAGE_PORT = 8090

/** Lines "name = value"; what follows # at the start of a line is a remark. */
export function parseSettings(text: string): Settings {
  const settings: Record<string, string> = {}
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) continue
    const match = /^([a-z_]+)\s*=\s*(.*)$/.exec(line)
    const name = match?.[1] ?? ''
    if (!NAMES.includes(name as Name)) {
      throw new AgentConfigError(`строка ${index + 1}: «${line}» не настройка. Возможны: ${NAMES.join(', ')}`)
    }
    settings[name] = match?.[2] ?? ''
  }
  return settings
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

function readServer(text: string | undefined): URL {
  const url = URL.parse(text ?? '')
  if (url === null) throw new AgentConfigError('server: укажите адрес сервера, например https://edumon.example.ru')
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname))
  if (!isSafe) throw new AgentConfigError(`server: «${text ?? ''}» не подходит, нужен адрес https://`)
  return url
}

function readNumber(name: Name, text: string | undefined, range: { min: number; max: number }): number | null {
  if (text === undefined || text === '') return null
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < range.min || value > range.max) {
    throw new AgentConfigError(`${name}: «${text}» не число от ${range.min} до ${range.max}`)
  }
  return value
}

/** An address with or without its scheme; empty: none. @throws AgentConfigError for what is no address of an HTTP proxy */
export function parseProxy(text: string | undefined): URL | null {
  if (text === undefined || text === '') return null
  const url = URL.parse(text.includes('://') ? text : `http://${text}`)
  if (url?.protocol !== 'http:') throw new AgentConfigError(`proxy: «${text}» не адрес вида http://имя:порт`)
  return url
}

/**
 * Reads the settings; a variable goes before the file.
 * @param file path of the settings file; null: variables alone
 * @throws AgentConfigError that names the first setting that cannot be used
 */
export function readAgentConfig(file: string | null, env: Env = process.env): AgentConfig {
  if (file !== null && !existsSync(file)) throw new AgentConfigError(`файла настроек ${file} нет`)
  const settings = file === null ? {} : parseSettings(readFileSync(file, 'utf8'))
  const find = (name: Name): string | undefined => env[`EDUMON_${name.toUpperCase()}`] ?? settings[name]
  const token = find('token')?.trim() ?? ''
  if (!/^[\w-]{1,200}$/.test(token))
    throw new AgentConfigError('token: укажите ключ школы, полученный у администратора')
  const stated_proxy = find('proxy') ?? env['HTTPS_PROXY'] ?? env['https_proxy'] ?? env['ALL_PROXY'] ?? env['all_proxy']
  return {
    server: readServer(find('server')),
    token,
    building_id: readNumber('building_id', find('building_id'), { min: 1, max: Number.MAX_SAFE_INTEGER }),
    data_dir: resolve(find('data_dir') ?? join('.', 'edumon-agent')),
    proxy: parseProxy(stated_proxy),
    is_proxy_stated: stated_proxy !== undefined,
    no_proxy: (find('no_proxy') ?? env['NO_PROXY'] ?? env['no_proxy'] ?? '')
      .split(',')
      .map((host) =>
        host
          .trim()
          .toLowerCase()
          .replace(/^\*?\./, ''),
      )
      .filter((host) => host !== ''),
    ca_file: find('ca_file') ?? null,
    page_port: readNumber('page_port', find('page_port'), { min: 0, max: 65_535 }) ?? PAGE_PORT,
  }
}

/** The proxy for one host; loopback addresses are always reached straight. */
export function proxyFor(host: string, { no_proxy, proxy }: Pick<AgentConfig, 'no_proxy' | 'proxy'>): URL | null {
  if (LOOPBACK.test(host) || no_proxy.includes('*')) return null
  return no_proxy.some((name) => host === name || host.endsWith(`.${name}`)) ? null : proxy
}
