import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { parseProxy, type AgentConfig } from './config.ts'
import { decodeConsole } from './context/windows.ts'

const run = promisify(execFile)
const COMMAND_LIMIT_MS = 10_000

/**
 * The proxy of the output of `netsh winhttp show proxy`, Russian or English: the one for HTTPS where they differ by
 * scheme. Null: straight, or not said.
 */
export function parseWinhttp(text: string): URL | null {
  for (const line of text.split(/\r?\n/)) {
    const [, value] = /^\s*[^:]*?(?:proxy server|прокси)[^:]*:\s*(\S.*)$/i.exec(line) ?? []
    if (value === undefined) continue
    const servers = value.trim().split(/[;\s]+/)
    const server = servers.find((part) => part.startsWith('https='))?.slice('https='.length) ?? servers[0] ?? ''
    return /^[\w.-]+:\d+$/.test(server) ? parseProxy(server) : null
  }
  return null
}

/** The proxy of the text of /etc/environment; services do not get what sessions get from there. */
export function parseEnvironmentFile(text: string): URL | null {
  const match = /^\s*(?:export\s+)?https_proxy\s*=\s*["']?([^"'\s]+)/im.exec(text)
  return match === null ? null : parseProxy(match[1])
}

/** The proxy that this computer is set to use; null: none, or it cannot be found out. */
async function findSystemProxy(): Promise<URL | null> {
  try {
    if (process.platform === 'linux') return parseEnvironmentFile(await readFile('/etc/environment', 'utf8'))
    if (process.platform !== 'win32') return null
    const options = { encoding: 'buffer', timeout: COMMAND_LIMIT_MS, windowsHide: true } as const
    const { stdout } = await run('netsh', ['winhttp', 'show', 'proxy'], options)
    return parseWinhttp(decodeConsole(stdout))
  } catch {
    return null
  }
}

/** The settings, with the computer's own proxy where they name none. */
export async function withSystemProxy(config: AgentConfig): Promise<AgentConfig> {
  return config.is_proxy_stated ? config : { ...config, proxy: await findSystemProxy() }
}
