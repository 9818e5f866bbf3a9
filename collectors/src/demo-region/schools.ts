import type { FounderKind, OrgKind } from '@edumon/server/contract'
import { makeBranchKpp, makeLegalIdentifiers, type LegalIdentifiers } from './identifiers.ts'
import { readRegionReference, type CityDistrict, type Municipality, type SettlementKind } from './municipalities.ts'
import { createRandom, type Random } from './random.ts'
import { shareOrganisations } from './school-counts.ts'
import { nameOrganisation, nameOtherFounder, type SchoolNames } from './school-names.ts'
import { STREETS, VILLAGES } from './settlement-names.ts'

/** A row of the simulated registry: a legal entity, a branch of one (own КПП), or a further building of one. */
export interface Place extends SchoolNames, LegalIdentifiers {
  /** Stable within a seed: `atkarskiy-12`, its branch `atkarskiy-12-f1`, its building `atkarskiy-12-b1` or `…-s1`. */
  key: string
  level: 'organisation' | 'branch' | 'building'
  municipality: Municipality
  city_district: CityDistrict | null
  org_kind: OrgKind
  founder_kind: FounderKind
  settlement_kind: SettlementKind
  /** «г. Аткарск», «с. Заречное» */
  settlement: string
  address: string
  lat: number
  lon: number
}

/** Share of a municipality's organisations that stand in its centre; the rest are village schools. */
const SHARE_IN_CENTRE = { city_okrug: 1, large: 0.75, district: 0.4 }
const LARGE_MUNICIPALITY = 35

/** Kinds of `count` organisations, schools first; a unit of one or two has schools only. */
function listKinds(count: number): OrgKind[] {
  if (count < 5) return Array.from({ length: count }, () => 'school')
  const others: OrgKind[] = [
    ...Array.from({ length: Math.round(count * 0.09) }, () => 'additional' as const),
    ...Array.from({ length: Math.round(count * 0.05) }, () => 'preschool' as const),
    ...Array.from({ length: count < 14 ? 0 : Math.max(1, Math.round(count * 0.035)) }, () => 'college' as const),
    ...Array.from({ length: count < 30 ? 0 : Math.round(count * 0.02) }, () => 'centre' as const),
  ]
  return [...Array.from({ length: count - others.length }, () => 'school' as const), ...others]
}

function shareInCentre(municipality: Municipality, count: number): number {
  if (municipality.kind === 'city_okrug') return SHARE_IN_CENTRE.city_okrug
  return count >= LARGE_MUNICIPALITY ? SHARE_IN_CENTRE.large : SHARE_IN_CENTRE.district
}

function pickFounder(kind: OrgKind, inCentre: boolean, random: Random): FounderKind {
  if (kind === 'college' || kind === 'centre') return 'regional'
  if (kind !== 'school' || !inCentre) return 'municipal'
  const draw = random.next()
  return draw < 0.03 ? 'private' : draw < 0.08 ? 'regional' : draw < 0.083 ? 'federal' : 'municipal'
}

function placeNear(municipality: Municipality, spread: number, random: Random): { lat: number; lon: number } {
  const around = () => (random.next() - 0.5) * 2 * spread
  return {
    lat: Number((municipality.lat + around()).toFixed(6)),
    lon: Number((municipality.lon + around()).toFixed(6)),
  }
}

function addressIn(municipality: Municipality, settlement: string, random: Random): string {
  const district = municipality.kind === 'municipal_district' ? `, ${municipality.short_name}` : ''
  return `Саратовская область${district}, ${settlement}, ул. ${random.pick(STREETS)}, д. ${random.int(1, 140)}`
}

interface Settling {
  seed: number
  municipality: Municipality
  districts: readonly CityDistrict[]
  count: number
  firstSerial: number
}

/** Organisations of one municipality, in a fixed order. */
function settleMunicipality({ seed, municipality, districts, count, firstSerial }: Settling): Place[] {
  const draw = createRandom(seed, municipality.code)
  const villages = draw.shuffle(VILLAGES)
  const inCentre = shareInCentre(municipality, count)
  const schools = listKinds(count).filter((kind) => kind === 'school').length
  const numbers = new Map<string, number>()
  return listKinds(count).map((kind, index) => {
    const random = createRandom(seed, `${municipality.code}-${index + 1}`)
    const villageIndex = kind === 'school' ? index - Math.max(1, Math.round(schools * inCentre)) : -1
    const villageName = villages[villageIndex]
    const village = villageName === undefined ? null : `с. ${villageName}`
    const founder = pickFounder(kind, village === null, random)
    const series = `${kind}-${founder}-${village === null ? 'centre' : 'village'}`
    const number = (numbers.get(series) ?? 0) + 1
    numbers.set(series, number)
    const naming = { municipality, village, number, random }
    const settlement = village ?? `${municipality.centre.prefix} ${municipality.centre.name}`
    return {
      key: `${municipality.code}-${index + 1}`,
      level: 'organisation',
      municipality,
      city_district: districts.length === 0 ? null : (districts[random.int(0, districts.length - 1)] ?? null),
      org_kind: kind,
      founder_kind: founder,
      settlement_kind: village === null ? municipality.centre.settlement_kind : 'village',
      settlement,
      address: addressIn(municipality, settlement, random),
      ...placeNear(municipality, village === null ? 0.03 : 0.18, random),
      ...((kind === 'school' ? nameOtherFounder(founder, naming) : null) ?? nameOrganisation(kind, naming)),
      ...makeLegalIdentifiers(random, firstSerial + index),
    }
  })
}

/** Branches of a village school: its ИНН and ОГРН, own КПП, another village. */
function openBranches(head: Place, count: number, seed: number): Place[] {
  return Array.from({ length: count }, (_, index) => {
    const key = `${head.key}-f${index + 1}`
    const random = createRandom(seed, key)
    const settlement = `с. ${random.pick(VILLAGES)}`
    return {
      ...head,
      key,
      level: 'branch',
      kpp: makeBranchKpp(head.kpp, index + 1),
      full_name: `${head.full_name} (филиал в ${settlement})`,
      short_name: `Филиал ${head.short_name} в ${settlement}`,
      host_stem: `filial${index + 1}-${head.host_stem}`,
      settlement_kind: 'village',
      settlement,
      address: addressIn(head.municipality, settlement, random),
      ...placeNear(head.municipality, 0.2, random),
    }
  })
}

function addBuilding(head: Place, seed: number): Place {
  const key = `${head.key}-b1`
  const random = createRandom(seed, key)
  return {
    ...head,
    key,
    level: 'building',
    full_name: `${head.full_name}, корпус 2`,
    short_name: `${head.short_name}, корпус 2`,
    address: addressIn(head.municipality, head.settlement, random),
    ...placeNear(head.municipality, 0.03, random),
  }
}

/** Municipalities whose first school has four buildings, two of them in villages. */
const SCENE_MUNICIPALITIES: ReadonlySet<string> = new Set(['volskiy', 'balashovskiy', 'rtishchevskiy'])

/** Four buildings of one school, the first where the school itself is registered. */
function addSceneBuildings(head: Place, seed: number): Place[] {
  return [1, 2, 3, 4].map((number) => {
    const key = `${head.key}-s${number}`
    const random = createRandom(seed, key)
    const isRural = number > 2
    const settlement = isRural ? `с. ${random.pick(VILLAGES)}` : head.settlement
    const name = isRural ? `здание в ${settlement}` : `корпус ${number}`
    return {
      ...head,
      ...{ key, settlement, level: 'building', settlement_kind: isRural ? 'village' : head.settlement_kind },
      full_name: `${head.full_name}, ${name}`,
      short_name: `${head.short_name}, ${name}`,
      address: number === 1 ? head.address : addressIn(head.municipality, settlement, random),
      ...placeNear(head.municipality, isRural ? 0.2 : 0.03, random),
    }
  })
}

/**
 * The simulated region: `schools` legal entities in all municipalities that exist now, and beside them branches of
 * about one village school in eight (up to two each) and second buildings of about one town school in ten; three schools
 * have four buildings.
 */
export function generatePlaces(seed: number, schools: number): Place[] {
  const { municipalities, city_districts } = readRegionReference()
  const counts = shareOrganisations(municipalities, schools)
  const places: Place[] = []
  let serial = 1
  for (const municipality of municipalities) {
    const count = counts.get(municipality.code) ?? 0
    const districts = city_districts.filter((district) => district.municipality === municipality.code)
    const heads = settleMunicipality({ seed, municipality, districts, count, firstSerial: serial })
    serial += count
    for (const [index, head] of heads.entries()) {
      places.push(head)
      if (head.org_kind !== 'school') continue
      if (index === 0 && SCENE_MUNICIPALITIES.has(municipality.code)) {
        places.push(...addSceneBuildings(head, seed))
        continue
      }
      const random = createRandom(seed, `${head.key}-parts`)
      const isRural = head.settlement_kind === 'village' && head.founder_kind === 'municipal'
      if (isRural && random.chance(0.12)) places.push(...openBranches(head, random.int(1, 2), seed))
      if (!isRural && random.chance(0.1)) places.push(addBuilding(head, seed))
    }
  }
  return places
}
