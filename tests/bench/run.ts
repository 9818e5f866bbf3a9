import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { readBenchOptions, type BenchOptions } from './options.ts'

/** Runs one bench by name: `npm run bench -- NAME [--quick] [--keep FOLDER]`. It exits with 0 when it ran, whatever the figures. */
interface BenchModule {
  runBench: (options: BenchOptions) => Promise<void>
}

const { name, ...options } = readBenchOptions()
const file = join(import.meta.dirname, `${name ?? ''}.bench.ts`)
if (name === undefined || !existsSync(file)) {
  const names = readdirSync(import.meta.dirname).filter((entry) => entry.endsWith('.bench.ts'))
  console.error(
    `npm run bench -- NAME [--quick] [--keep FOLDER], NAME one of: ${names.map((entry) => entry.slice(0, -9)).join(', ')}`,
  )
  process.exit(2)
}
const bench = (await import(pathToFileURL(file).href)) as BenchModule
await bench.runBench(options)
