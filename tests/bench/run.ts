import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Runs one bench by name: `npm run bench -- NAME [--quick]`. It exits with 0 when it ran, whatever the figures. */
interface BenchModule {
  runBench: (options: { quick: boolean }) => Promise<void>
}

const [name] = process.argv.slice(2)
const file = join(import.meta.dirname, `${name ?? ''}.bench.ts`)
if (name === undefined || !existsSync(file)) {
  const names = readdirSync(import.meta.dirname).filter((entry) => entry.endsWith('.bench.ts'))
  console.error(`npm run bench -- NAME [--quick], NAME one of: ${names.map((entry) => entry.slice(0, -9)).join(', ')}`)
  process.exit(2)
}
const bench = (await import(pathToFileURL(file).href)) as BenchModule
await bench.runBench({ quick: process.argv.includes('--quick') })
