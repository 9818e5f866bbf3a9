import { spawnSync } from 'node:child_process'

/**
 * A link of known rate between two network namespaces of their own: a veth pair with a token bucket at either end.
 * A rate is that of frames; of each full one an Ethernet, an IP and a TCP header with timestamps are no payload.
 */
const CLIENT = 'edumon-bench-client'
const SERVER = 'edumon-bench-server'
export const SERVER_ADDRESS = '10.231.7.1'
const CLIENT_ADDRESS = '10.231.7.2'
const FRAME_BYTES = 1514
const PAYLOAD_BYTES = 1448
/** Of the application in all that a link of this kind carries. */
export const PAYLOAD_SHARE = PAYLOAD_BYTES / FRAME_BYTES

function run(...words: string[]): boolean {
  const [command = '', ...args] = words
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0
}

/** Words before a command that is to run at one end of the link. */
export function inNamespace(end: 'client' | 'server'): string[] {
  return ['ip', 'netns', 'exec', end === 'client' ? CLIENT : SERVER]
}

export function removeLink(): void {
  for (const name of [CLIENT, SERVER]) run('ip', 'netns', 'del', name)
}

/** @returns whether this machine permits it */
export function makeLink(): boolean {
  removeLink()
  const steps = [
    ['ip', 'netns', 'add', CLIENT],
    ['ip', 'netns', 'add', SERVER],
    ['ip', 'link', 'add', 'edumon-c', 'netns', CLIENT, 'type', 'veth', 'peer', 'name', 'edumon-s', 'netns', SERVER],
    [...inNamespace('client'), 'ip', 'addr', 'add', `${CLIENT_ADDRESS}/24`, 'dev', 'edumon-c'],
    [...inNamespace('server'), 'ip', 'addr', 'add', `${SERVER_ADDRESS}/24`, 'dev', 'edumon-s'],
    ...(['client', 'server'] as const).flatMap((end) => [
      [...inNamespace(end), 'ip', 'link', 'set', 'lo', 'up'],
      [...inNamespace(end), 'ip', 'link', 'set', end === 'client' ? 'edumon-c' : 'edumon-s', 'up'],
    ]),
  ]
  if (steps.every((step) => run(...step))) return true
  removeLink()
  return false
}

/** Sets the rate of both ends. The bucket holds what a kernel with a slow clock sends at once; what waits longer is dropped. */
export function setRate(mbps: number): void {
  const burst = `${Math.max(32, Math.ceil(mbps / 2))}kb`
  for (const [end, device] of [['client', 'edumon-c'] as const, ['server', 'edumon-s'] as const]) {
    const shape = ['root', 'tbf', 'rate', `${mbps}mbit`, 'burst', burst, 'latency', '50ms']
    if (!run(...inNamespace(end), 'tc', 'qdisc', 'replace', 'dev', device, ...shape)) {
      throw new Error(`The link could not be shaped to ${mbps} Mbit/s`)
    }
  }
}
