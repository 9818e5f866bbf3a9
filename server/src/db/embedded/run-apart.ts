import { spawn } from 'node:child_process'

const OUTPUT_KEPT = 4000

/**
 * Runs one of PostgreSQL's programs to its end, in a process group of its own: Ctrl+C in the terminal is meant for us,
 * and must not cut off a cluster that is being made or a server that is starting.
 * @throws with what the program said when it does not end well
 */
export async function runApart(
  file: string,
  args: readonly string[],
  identity: { uid: number; gid: number } | Record<string, never>,
): Promise<void> {
  const child = spawn(file, args, { ...identity, cwd: '/', detached: true, stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-OUTPUT_KEPT)))
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    // Not "close": a server that the program has started keeps its output open.
    child.once('exit', (code, signal) => {
      child.stderr.destroy()
      if (code === 0) resolve()
      else reject(new Error(`${file} ended (${signal ?? `code ${code ?? 'unknown'}`}): ${said}`))
    })
  })
}
