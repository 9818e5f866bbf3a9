import { parseArgs } from 'node:util'

/** What every bench is told. */
export interface BenchOptions {
  quick: boolean
  /** Where made data stay for the next run, for benches whose data take long to make. */
  keep: string | undefined
}

/** Reads `NAME [--quick] [--keep FOLDER]`; throws where an argument is none of these. */
export function readBenchOptions(): BenchOptions & { name: string | undefined } {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { quick: { type: 'boolean', default: false }, keep: { type: 'string' } },
  })
  return { name: positionals[0], quick: values.quick, keep: values.keep }
}
