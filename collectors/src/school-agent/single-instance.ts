import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { join, resolve } from 'node:path'
import { AgentConfigError } from './config.ts'

/** A name that the system itself forgets when the process ends, however it ends; on macOS a file that may stay behind. */
function addressOf(folder: string): string {
  const key = createHash('sha256').update(resolve(folder)).digest('hex').slice(0, 16)
  if (process.platform === 'win32') return `\\\\?\\pipe\\edumon-agent-${key}`
  return process.platform === 'linux' ? `\0edumon-agent-${key}` : join(folder, 'agent.sock')
}

function listen(address: string): Promise<Server> {
  const server = createServer((socket) => socket.destroy())
  return new Promise((done, fail) => {
    server.once('error', fail)
    server.listen(address, () => done(server))
  })
}

function isAlive(address: string): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(address)
    const end = (isThere: boolean) => {
      socket.destroy()
      done(isThere)
    }
    socket.once('connect', () => end(true)).once('error', () => end(false))
  })
}

/**
 * Takes the folder for this process: two agents on one queue would test and send against each other.
 * @returns what gives the folder back
 * @throws AgentConfigError when another agent has it
 */
export async function takeFolder(folder: string): Promise<() => void> {
  const address = addressOf(folder)
  let server: Server
  try {
    server = await listen(address)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error
    if (await isAlive(address)) {
      throw new AgentConfigError(`с папкой ${folder} уже работает другая программа edumon-agent`, { cause: error })
    }
    rmSync(address, { force: true })
    server = await listen(address)
  }
  server.unref()
  return () => server.close()
}
