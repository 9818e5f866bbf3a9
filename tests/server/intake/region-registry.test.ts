import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeFaultyRows } from '../../../collectors/src/demo-region/faulty-rows.ts'
import {
  writeRegistryCsv,
  writeRegistryRows,
  writeRegistryXlsx,
} from '../../../collectors/src/demo-region/registry-sheet.ts'
import { generatePlaces } from '../../../collectors/src/demo-region/schools.ts'
import { planSites } from '../../../collectors/src/demo-region/sites.ts'
import { createIntakeClient, type IntakeClient } from '../../factories/intake-client.ts'

const places = generatePlaces(1, 1000)
const sites = planSites(places, 1)
const rows = writeRegistryRows(places, sites, { http_port: 8090, https_port: 8453 })

let client: IntakeClient
beforeAll(async () => (client = await createIntakeClient()))
afterAll(() => client.close())

describe('the registry of a whole simulated region', () => {
  it('is taken whole as a workbook: every place once, every site a target with its work', async () => {
    const done = await client.take(Buffer.from(await writeRegistryXlsx(rows)), { file_name: 'реестр.xlsx' })
    expect(done.counts).toMatchObject({ new: places.length, ambiguous: 0, refused: 0 })
    const units = await client.units('kind=organisation&kind=branch&kind=building')
    expect(units).toHaveLength(places.length)
    expect(units.filter((unit) => unit.site_url !== null)).toHaveLength(sites.length)
    const withHead = units.filter((unit) => unit.kind !== 'organisation')
    const heads = new Set(units.filter((unit) => unit.kind === 'organisation').map((unit) => unit.org_unit_id))
    expect(withHead.every((unit) => heads.has(unit.parent_id ?? 0))).toBe(true)
  })

  it('is the same when it comes again as CSV', async () => {
    const { import_id } = await client.upload(writeRegistryCsv(rows))
    const again = await client.parse(import_id)
    expect(again.counts).toMatchObject({ new: 0, changed: 0, ambiguous: 0, refused: 0, same: places.length })
  })

  it('gets a clear word on every faulty row, and only those are left out', async () => {
    const faulty = writeFaultyRows(rows)
    const { import_id } = await client.upload(writeRegistryCsv(faulty.map(({ row }) => row)))
    await client.parse(import_id)
    const judged = (await client.rows(import_id)).slice(1)
    const verdicts = Object.fromEntries(faulty.map(({ fault }, index) => [fault, judged[index]?.verdict]))
    expect(verdicts).toEqual({
      'sound row': 'same',
      'ИНН checksum': 'refused',
      'ОГРН checksum': 'refused',
      'ИНН length': 'refused',
      'duplicate in file': 'skipped',
      'ambiguous: a name in several municipalities, no codes': 'ambiguous',
      'unknown municipality': 'refused',
      'no name': 'same',
      'branch of an unknown legal entity': 'refused',
      'latitude out of range': 'refused',
      'latitude is not a number': 'refused',
      'unknown kind of organisation': 'refused',
      'day that does not exist': 'refused',
      'site address of a foreign scheme': 'refused',
      'formula in a name': 'refused',
    })
    for (const row of judged.filter(({ verdict }) => verdict === 'refused')) {
      expect(row.issues.find(({ severity }) => severity === 'error')?.message).toMatch(/\p{L}{3}/u)
    }
  })
})
