import { readRegionConfig } from './config.ts'
import { startFarm } from './farm/farm.ts'
import { writeRegistryFiles } from './registry-files.ts'
import { generatePlaces } from './schools.ts'
import { planSites } from './sites.ts'

const config = readRegionConfig(process.argv.slice(2))

if (config.command === 'registry') {
  const places = generatePlaces(config.seed, config.schools)
  const files = await writeRegistryFiles(config.data, places, planSites(places, config.seed), config)
  process.stdout.write(`${JSON.stringify({ ...files, places: places.length })}\n`)
} else {
  const farm = await startFarm(config)
  process.stdout.write(`${JSON.stringify(farm.report)}\n`)
  const stop = () => void farm.close().then(() => process.exit(0))
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
}
