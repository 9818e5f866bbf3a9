import { domainToASCII } from 'node:url'
import type { SitePlatform } from '@edumon/server/contract'
import { GRADES_BY_PLATFORM, type ContentGradeName } from './content-grades.ts'
import { FAULTS, listFaults, type FaultName } from './faults.ts'
import { FAULTY_ADDRESSES, HOSTERS, type HosterCode } from './hosters.ts'
import { createRandom, type Random } from './random.ts'
import type { Place } from './schools.ts'
import { transliterate } from './transliterate.ts'

export interface Ports {
  http_port: number
  https_port: number
}

/** A school's site as the farm serves it. */
export interface Site {
  place: Place
  /** As people write it, Russian letters included. */
  host_written: string
  /** As it goes over the wire (punycode). */
  host: string
  scheme: 'http' | 'https'
  hoster: HosterCode
  platform: Exclude<SitePlatform, 'unknown'>
  address: string
  grade: ContentGradeName
  charset: 'utf-8' | 'windows-1251' | 'koi8-r'
  /** The charset is told by the header, by a meta element, or by nothing. */
  charset_told_by: 'header' | 'meta' | 'nothing'
  robots: 'open' | 'none' | 'refuses'
  fault: FaultName | null
}

/** Address of the home page as the registry writes it. */
export function writeSiteUrl(site: Site, ports: Ports): string {
  if (site.fault === 'url_invalid') return `${site.scheme}://${site.place.host_stem} ${site.host_written}/`
  const port = site.scheme === 'https' ? ports.https_port : ports.http_port
  return `${site.scheme}://${site.host_written}:${port}/`
}

function pickHoster(place: Place, random: Random): HosterCode {
  if (place.municipality.code === 'ozinskiy') return 'steppe'
  const draw = random.next()
  if (draw < 0.6) return 'gosweb'
  if (draw < 0.7) return 'ucoz'
  return draw < 0.74 ? 'volga' : 'own'
}

function writeHost(place: Place, hoster: HosterCode, serial: number, random: Random): string {
  const stem = transliterate(place.host_stem)
  const { domain } = HOSTERS[hoster]
  const district = transliterate(place.municipality.centre.name)
  const name = stem.endsWith(district) ? stem : `${stem}-${district}`
  if (hoster === 'gosweb') return `${name}-r64.${HOSTERS.gosweb.domain}`
  if (domain !== null) return `${name}.${domain}`
  if (serial % 9 === 0) return `${place.host_stem.toLowerCase().replaceAll(/[^а-яё0-9]+/g, '')}школа${serial}.example`
  return `${random.chance(0.3) ? 'www.' : ''}${name}.example`
}

function pickAddress(fault: FaultName | null, hoster: HosterCode, order: number): string {
  if (fault === 'address_private') return FAULTY_ADDRESSES.private
  if (fault === 'address_unreachable') return FAULTY_ADDRESSES.unreachable
  const addresses =
    fault === 'refused' || fault === 'reset' || fault === 'blackhole'
      ? FAULTY_ADDRESSES[fault]
      : HOSTERS[hoster].addresses
  return addresses[order % addresses.length] ?? addresses[0]
}

function hasOwnSite(place: Place, seed: number): boolean {
  const random = createRandom(seed, `${place.key}-has-site`)
  if (place.level === 'building') return false
  return random.chance(place.level === 'branch' ? 0.25 : 0.975)
}

/** Old encodings live on own servers: every twelfth of them, half in each. */
function pickCharset(hoster: HosterCode, random: Random): Pick<Site, 'charset' | 'charset_told_by'> {
  if (hoster !== 'own' || !random.chance(0.12)) return { charset: 'utf-8', charset_told_by: 'header' }
  return {
    charset: random.pick(['windows-1251', 'koi8-r']),
    charset_told_by: random.pick(['header', 'meta', 'nothing']),
  }
}

/** Faults are dealt to sites of own servers first, which leaves the large platforms sound until their own outages. */
function dealFaults(keys: readonly string[], hosterOf: Map<string, HosterCode>, seed: number): Map<string, FaultName> {
  const faults = listFaults(keys.length)
  const order = createRandom(seed, 'faults').shuffle(keys)
  const onOwn = order.filter((key) => hosterOf.get(key) === 'own')
  const onOthers = order.filter((key) => hosterOf.get(key) === 'ucoz' || hosterOf.get(key) === 'gosweb')
  const dealt = new Map<string, FaultName>()
  const candidates = [...onOwn, ...onOthers]
  faults.forEach((fault, index) => {
    const key = candidates[index]
    if (key !== undefined) dealt.set(key, fault)
  })
  return dealt
}

/** ОКТМО of the municipality whose first school the demo's director runs: that site has several things to mend. */
const DIRECTOR_OKTMO = '63611000'

function isDirectors({ level, founder_kind, municipality }: Place): boolean {
  return level === 'organisation' && founder_kind === 'municipal' && municipality.oktmo === DIRECTOR_OKTMO
}

/** Sites of the places that have one, in the places' order. Host names are unique. */
export function planSites(places: readonly Place[], seed: number): Site[] {
  const owners = places.filter((place) => hasOwnSite(place, seed))
  const randoms = new Map(owners.map(({ key }) => [key, createRandom(seed, `${key}-site`)]))
  const randomOf = (key: string) => randoms.get(key) ?? createRandom(seed, key)
  const hosterOf = new Map(owners.map((place) => [place.key, pickHoster(place, randomOf(place.key))]))
  const faults = dealFaults(
    owners.map(({ key }) => key),
    hosterOf,
    seed,
  )
  const directors = owners.find(isDirectors)
  const taken = new Set<string>()
  const perHoster = new Map<string, number>()
  return owners.map((place, index) => {
    const random = randomOf(place.key)
    const fault = faults.get(place.key) ?? null
    const hoster = fault === null ? (hosterOf.get(place.key) ?? 'own') : 'own'
    let written = writeHost(place, hoster, index + 1, random)
    if (taken.has(written)) written = written.replace('.', `-${index + 1}.`)
    taken.add(written)
    const series = fault !== null && FAULTS[fault].layer === 'address' ? fault : hoster
    const order = perHoster.get(series) ?? 0
    perHoster.set(series, order + 1)
    const isTls = fault !== null && FAULTS[fault].layer === 'tls'
    const { platform } = HOSTERS[hoster]
    return {
      place,
      host_written: written,
      host: domainToASCII(written),
      scheme: isTls || hoster === 'gosweb' || random.chance(0.8) ? 'https' : 'http',
      hoster,
      platform,
      address: pickAddress(fault, hoster, order),
      grade: place === directors ? 'partial_unmarked' : random.pick(GRADES_BY_PLATFORM[platform]),
      ...pickCharset(hoster, random),
      robots: random.chance(0.04) ? 'refuses' : random.pick(['open', 'open', 'none']),
      fault,
    }
  })
}
