import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { lockDataFolder } from '../../server/src/commands/data-folder-lock.ts'
import { findAddress } from '../../server/src/commands/start.ts'

let folder: string
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'edumon-замок с пробелом-'))))
afterEach(() => rmSync(folder, { recursive: true }))

const lockFile = (): string => join(folder, 'program.pid')

/** A process that looks like a running program of ours and holds the folder until it is killed. */
async function holdFolder(): Promise<{ pid: number; end: () => Promise<void> }> {
  const script = 'console.log("up"); setInterval(() => undefined, 1000)'
  const holder = spawn(process.execPath, ['-e', script, '--', 'server/src/cli.ts'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await new Promise((resolve) => holder.stdout.once('data', resolve))
  const pid = holder.pid ?? 0
  writeFileSync(lockFile(), `${pid}`)
  const end = async (): Promise<void> => {
    const ended = new Promise((resolve) => holder.once('exit', resolve))
    holder.kill('SIGKILL')
    await ended
  }
  return { pid, end }
}

describe('lockDataFolder', () => {
  it('refuses a folder that a running program holds, and takes it over when that one was killed', async () => {
    const holder = await holdFolder()
    expect(() => lockDataFolder(folder)).toThrow(`is in use by process ${holder.pid}`)
    await holder.end()
    lockDataFolder(folder)
    expect(readFileSync(lockFile(), 'utf8')).toBe(`${process.pid}`)
  })

  it.each([
    ['no number at all', 'garbage'],
    ['the number of somebody else after a reboot', '1'],
  ])('takes over a leftover with %s', (_name, text) => {
    writeFileSync(lockFile(), text)
    lockDataFolder(folder)
    expect(readFileSync(lockFile(), 'utf8')).toBe(`${process.pid}`)
  })

  it('gives one folder to one of several that start at once over a leftover, and lets it go at the end', async () => {
    writeFileSync(lockFile(), '999999999')
    const starter = join(folder, 'cli.ts')
    const module_path = join(import.meta.dirname, '../../server/src/commands/data-folder-lock.ts')
    writeFileSync(
      starter,
      `const { lockDataFolder } = await import(${JSON.stringify(module_path)})
       try { lockDataFolder(${JSON.stringify(folder)}) } catch { process.exit(3) }
       process.stdin.resume(); console.log('held')`,
    )
    const starts = Array.from({ length: 4 }, () =>
      spawn(process.execPath, [starter], { stdio: ['pipe', 'pipe', 'inherit'] }),
    )
    const outcomes = await Promise.all(
      starts.map(
        (start) =>
          new Promise<string>((resolve) => {
            start.stdout.once('data', () => resolve('held'))
            start.once('exit', (code) => resolve(`ended ${code ?? 'by signal'}`))
          }),
      ),
    )
    expect(outcomes.sort()).toEqual(['ended 3', 'ended 3', 'ended 3', 'held'])
    const ends = starts.map((start) =>
      start.exitCode === null ? new Promise((resolve) => start.once('exit', resolve)) : Promise.resolve(),
    )
    for (const start of starts) start.stdin.end()
    await Promise.all(ends)
    expect(existsSync(lockFile())).toBe(false)
  })
})

describe('findAddress', () => {
  it('names the setting when another program has the port', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const { port } = other.address() as AddressInfo
    await expect(findAddress({ host: '127.0.0.1', port }, 'EDUMON_MEASUREMENT_PORT')).rejects.toThrow(
      /127\.0\.0\.1:\d+ .*EADDRINUSE.*EDUMON_MEASUREMENT_PORT/,
    )
    await new Promise((resolve) => other.close(resolve))
    expect(await findAddress({ host: '127.0.0.1', port }, 'EDUMON_MEASUREMENT_PORT')).toEqual({
      url: `http://127.0.0.1:${port}`,
      port,
    })
  })

  it('finds a port when any will do', async () => {
    expect((await findAddress({ host: '127.0.0.1', port: 0 }, 'EDUMON_PORT')).url).toMatch(
      /^http:\/\/127\.0\.0\.1:[1-9]\d*$/,
    )
  })
})
