import { runAgents } from './agents/run-agents.ts'
import { readRegionConfig } from './config.ts'
import { startFarm } from './farm/farm.ts'
import { runHistory } from './history/run-history.ts'
import { writeRegistryFiles } from './registry-files.ts'
import { generatePlaces } from './schools.ts'
import { planSites } from './sites.ts'

async function serveFarmOrWriteRegistry(argv: string[]): Promise<void> {
  const config = readRegionConfig(argv)
  if (config.command === 'registry') {
    const places = generatePlaces(config.seed, config.schools)
    const files = await writeRegistryFiles(config.data, places, planSites(places, config.seed), config)
    process.stdout.write(`${JSON.stringify({ ...files, places: places.length })}\n`)
    return
  }
  const farm = await startFarm(config)
  process.stdout.write(`${JSON.stringify(farm.report)}\n`)
  const stop = () => void farm.close().then(() => process.exit(0))
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}

const [command, ...rest] = process.argv.slice(2)
if (command === 'history') await runHistory(rest)
else if (command === 'agents') await runAgents(rest)
else await serveFarmOrWriteRegistry(process.argv.slice(2))
