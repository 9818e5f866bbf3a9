import { describe, expect, it } from 'vitest'
import { SITE_CAUSE_CODES } from '@edumon/server/contract'
import { CAUSES_OF_NO_SITE, FAULTS } from '../../../collectors/src/demo-region/faults.ts'
import { writeFaultyRows } from '../../../collectors/src/demo-region/faulty-rows.ts'
import { readRegionReference } from '../../../collectors/src/demo-region/municipalities.ts'
import {
  REGISTRY_HEADER,
  writeRegistryCsv,
  writeRegistryRows,
  writeRegistryXlsx,
} from '../../../collectors/src/demo-region/registry-sheet.ts'
import { generatePlaces } from '../../../collectors/src/demo-region/schools.ts'
import { planSites } from '../../../collectors/src/demo-region/sites.ts'

const PORTS = { http_port: 8090, https_port: 8453 }
const INN_WEIGHTS = [2, 4, 10, 3, 5, 9, 4, 6, 8]

function makeRegion(seed: number) {
  const places = generatePlaces(seed, 1000)
  const sites = planSites(places, seed)
  return { places, sites, rows: writeRegistryRows(places, sites, PORTS) }
}

const region = makeRegion(1)
const heads = region.places.filter(({ level }) => level === 'organisation')

describe('generatePlaces', () => {
  it('gives as many legal entities as asked for, in every municipality that exists now', () => {
    expect(heads).toHaveLength(1000)
    expect(readRegionReference().municipalities).toHaveLength(41)
    expect(new Set(heads.map(({ municipality }) => municipality.code)).size).toBe(41)
    expect(heads.some(({ municipality }) => municipality.code === 'saratovskiy')).toBe(false)
  })

  it('gives every legal entity identifiers with right checksums that nobody else has', () => {
    for (const { inn, ogrn, kpp, municipality } of heads) {
      const sum = INN_WEIGHTS.reduce((total, weight, index) => total + weight * Number(inn[index]), 0)
      expect(inn).toMatch(/^64\d{8}$/)
      expect(Number(inn[9])).toBe((sum % 11) % 10)
      expect(ogrn).toMatch(/^1\d{12}$/)
      expect(Number(ogrn[12])).toBe((Number(ogrn.slice(0, 12)) % 11) % 10)
      expect(kpp).toMatch(/^64\d{7}$/)
      expect(municipality.oktmo).toMatch(/^63\d{6}$/)
    }
    expect(new Set(heads.map(({ inn }) => inn)).size).toBe(1000)
    expect(new Set(heads.map(({ ogrn }) => ogrn)).size).toBe(1000)
  })

  it('has legal entities with two branches: one ИНН, three КПП and addresses', () => {
    const second = region.places.filter(({ key }) => key.endsWith('-f2'))
    expect(second.length).toBeGreaterThan(5)
    for (const { inn } of second) {
      const family = region.places.filter((place) => place.inn === inn)
      expect(family.map(({ level }) => level)).toEqual(['organisation', 'branch', 'branch'])
      expect(new Set(family.map(({ kpp }) => kpp)).size).toBe(3)
      expect(new Set(family.map(({ address }) => address)).size).toBe(3)
    }
  })

  it('repeats school names across municipalities', () => {
    const found = new Map<string, Set<string>>()
    for (const { short_name, municipality } of region.places) {
      found.set(short_name, (found.get(short_name) ?? new Set()).add(municipality.code))
    }
    expect([...found.values()].filter((municipalities) => municipalities.size > 1).length).toBeGreaterThan(20)
  })
})

describe('planSites', () => {
  it('gives unique hosts under reserved names only, Russian ones among them', () => {
    expect(new Set(region.sites.map(({ host }) => host)).size).toBe(region.sites.length)
    expect(region.sites.filter(({ host }) => !/^[a-z0-9.-]+\.example$/.test(host))).toEqual([])
    expect(region.sites.some(({ host }) => host.startsWith('xn--'))).toBe(true)
  })

  it('shows every cause that a site can show, with about one site in eleven in trouble', () => {
    const shown = region.sites.flatMap(({ fault }) => (fault === null ? [] : [FAULTS[fault].cause ?? 'works']))
    const showable = SITE_CAUSE_CODES.filter((code) => !CAUSES_OF_NO_SITE.some((own) => own === code))
    expect([...new Set(shown)].toSorted()).toEqual([...showable, 'works'].toSorted())
    expect(shown.length / region.sites.length).toBeGreaterThan(0.06)
    expect(shown.length / region.sites.length).toBeLessThan(0.11)
  })

  it('has every grade of content, old charsets and refusals by robots.txt', () => {
    expect(new Set(region.sites.map(({ grade }) => grade)).size).toBe(9)
    expect(new Set(region.sites.map(({ charset }) => charset))).toEqual(new Set(['utf-8', 'windows-1251', 'koi8-r']))
    expect(region.sites.filter(({ robots }) => robots === 'refuses').length).toBeGreaterThan(10)
  })

  it('leaves some organisations and most branches without a site, and buildings always', () => {
    const owners = new Set(region.sites.map(({ place }) => place.key))
    const count = (level: string) =>
      region.places.filter((place) => place.level === level && !owners.has(place.key)).length
    expect(count('organisation')).toBeGreaterThan(5)
    expect(count('branch')).toBeGreaterThan(30)
    expect(region.sites.some(({ place }) => place.level === 'building')).toBe(false)
  })
})

describe('the registry file', () => {
  it('is the same to the byte for the same seed, and another for another', async () => {
    const again = makeRegion(1)
    expect(writeRegistryCsv(again.rows)).toBe(writeRegistryCsv(region.rows))
    const [first, second] = await Promise.all([writeRegistryXlsx(again.rows), writeRegistryXlsx(region.rows)])
    expect(Buffer.from(first).equals(Buffer.from(second))).toBe(true)
    expect(writeRegistryCsv(makeRegion(2).rows)).not.toBe(writeRegistryCsv(region.rows))
  })

  it('has one whole row per place, semicolons and a byte order mark', () => {
    const lines = writeRegistryCsv(region.rows).split('\r\n')
    expect(lines[0]).toBe(`\uFEFF${REGISTRY_HEADER.join(';')}`)
    expect(lines).toHaveLength(region.places.length + 2)
    expect(region.rows.filter((row) => row.length !== REGISTRY_HEADER.length)).toEqual([])
  })

  it('names the legal entity of each branch and building, and writes it before them', () => {
    const column = (name: (typeof REGISTRY_HEADER)[number]) => REGISTRY_HEADER.indexOf(name)
    const seen = new Set<unknown>()
    for (const row of region.rows) {
      if (row[column('Вид')] === 'юридическое лицо') seen.add(row[column('ИНН')])
      else expect(seen.has(row[column('ИНН головной организации')])).toBe(true)
    }
  })

  it('is spoilt in one way per row in the second file', () => {
    const faulty = writeFaultyRows(region.rows)
    const sound = new Set(region.rows.map((row) => JSON.stringify(row)))
    const kept = faulty.filter(({ row }) => sound.has(JSON.stringify(row))).map(({ fault }) => fault)
    expect(kept).toEqual(['sound row', 'duplicate in file'])
    expect(new Set(faulty.map(({ fault }) => fault)).size).toBe(faulty.length)
  })
})
