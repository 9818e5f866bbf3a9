import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeFaultyRows } from './faulty-rows.ts'
import { writeRegistryCsv, writeRegistryRows, writeRegistryXlsx } from './registry-sheet.ts'
import { writeInternetFiles, type InternetFiles } from './lines/internet-sheets.ts'
import { planLines } from './lines/plan-lines.ts'
import type { Place } from './schools.ts'
import type { Ports, Site } from './sites.ts'

export interface RegistryFiles extends InternetFiles {
  registry_csv: string
  registry_xlsx: string
  /** Rows of the registry spoilt in one way each, for tests of the import. */
  faulty_csv: string
}

export async function writeRegistryFiles(
  folder: string,
  places: readonly Place[],
  sites: readonly Site[],
  { seed, ...ports }: Ports & { seed: number },
): Promise<RegistryFiles> {
  mkdirSync(folder, { recursive: true })
  const files = {
    registry_csv: join(folder, 'registry.csv'),
    registry_xlsx: join(folder, 'registry.xlsx'),
    faulty_csv: join(folder, 'registry-faulty.csv'),
  }
  const rows = writeRegistryRows(places, sites, ports)
  writeFileSync(files.registry_csv, writeRegistryCsv(rows))
  writeFileSync(files.registry_xlsx, await writeRegistryXlsx(rows))
  writeFileSync(files.faulty_csv, writeRegistryCsv(writeFaultyRows(rows).map(({ row }) => row)))
  return { ...files, ...(await writeInternetFiles(folder, planLines(places, seed))) }
}
