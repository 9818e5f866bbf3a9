import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import iconv from 'iconv-lite'
import type { Link, Power, Traffic } from './link.ts'

const run = promisify(execFile)
const COMMAND_LIMIT_MS = 10_000

/** A number as either language writes it. */
function numberOf(text: string | undefined): number | null {
  const match = /\d+(?:[.,]\d+)?/.exec(text?.replaceAll(' ', '').replaceAll(' ', '') ?? '')
  return match === null ? null : Number(match[0].replace(',', '.'))
}

/** Lines "label : value" of one block. */
function fieldsOf(block: string): Map<string, string> {
  const pairs = block.split(/\r?\n/).flatMap((line) => {
    const match = /^\s*(.+?)\s*:\s(.*)$/.exec(line)
    return match === null ? [] : [[match[1]?.toLowerCase() ?? '', match[2]?.trim() ?? ''] as const]
  })
  return new Map(pairs)
}

const NAME = ['name', 'имя']
const STATE = ['state', 'состояние']
const CONNECTED = ['connected', 'подключено']
const SIGNAL = ['signal', 'сигнал']
const RATE = ['receive rate (mbps)', 'скорость приема (мбит/с)', 'скорость приёма (мбит/с)']

function valueOf(fields: ReadonlyMap<string, string>, labels: readonly string[]): string | undefined {
  return labels.map((label) => fields.get(label)).find((value) => value !== undefined)
}

/**
 * The connected interface of the output of `netsh wlan show interfaces`, Russian or English; null: none is connected, or
 * the computer has no Wi-Fi. What the output does not say is null.
 */
export function parseNetsh(text: string): Link | null {
  for (const block of text.split(/\r?\n\s*\r?\n/)) {
    const fields = fieldsOf(block)
    if (!CONNECTED.includes(valueOf(fields, STATE)?.toLowerCase() ?? '')) continue
    const mbps = numberOf(valueOf(fields, RATE))
    return {
      name: valueOf(fields, NAME) ?? '',
      medium: 'wifi',
      wifi_signal_percent: numberOf(valueOf(fields, SIGNAL)),
      link_kbps: mbps === null ? null : Math.round(mbps * 1000),
    }
  }
  return null
}

/** The output of a program of the Russian console is in code page 866. English output is the same in both. */
export function decodeConsole(bytes: Buffer): string {
  const text = new TextDecoder('utf-8', { fatal: true })
  try {
    return text.decode(bytes)
  } catch {
    return iconv.decode(bytes, 'cp866')
  }
}

/** Received and sent bytes of all interfaces, of the output of `netstat -e`: its first line of two numbers. */
export function parseNetstat(text: string): Traffic | null {
  const match = /^[^\d\r\n]+?(\d+)\s+(\d+)\s*$/m.exec(text)
  return match === null ? null : { received_bytes: Number(match[1]), sent_bytes: Number(match[2]) }
}

/** Of the output of `wmic path Win32_Battery get BatteryStatus`: 1 is discharging; no battery is mains. */
export function parseBattery(text: string): Power {
  const status = numberOf(text)
  if (status === null) return /batterystatus/i.test(text) ? 'mains' : 'unknown'
  return status === 1 ? 'battery' : 'mains'
}

async function output(program: string, args: readonly string[]): Promise<string | null> {
  try {
    const { stdout } = await run(program, args, { encoding: 'buffer', timeout: COMMAND_LIMIT_MS, windowsHide: true })
    return decodeConsole(stdout)
  } catch (error) {
    // A command that ends with a failure has said why: without Wi-Fi, netsh does so.
    const stdout = error instanceof Error && 'stdout' in error ? error.stdout : null
    return Buffer.isBuffer(stdout) && stdout.length > 0 ? decodeConsole(stdout) : null
  }
}

/** A computer that says that its Wi-Fi is not connected is connected by wire; its rate is not known. */
export async function readWindowsLink(): Promise<Link> {
  const text = await output('netsh', ['wlan', 'show', 'interfaces'])
  const medium = text === null ? 'unknown' : 'wired'
  return parseNetsh(text ?? '') ?? { name: '', medium, wifi_signal_percent: null, link_kbps: null }
}

export async function readWindowsTraffic(): Promise<Traffic | null> {
  return parseNetstat((await output('netstat', ['-e'])) ?? '')
}

export async function readWindowsPower(): Promise<Power> {
  return parseBattery((await output('wmic', ['path', 'Win32_Battery', 'get', 'BatteryStatus'])) ?? '')
}
