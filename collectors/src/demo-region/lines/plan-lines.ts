import { createRandom, type Random } from '../random.ts'
import type { Place } from '../schools.ts'
import type { SettlementKind } from '../municipalities.ts'

/** What becomes of measurements at a place: an agent that is heard of, one that fell silent, one behind a filter, or none. */
export type AgentFate = 'heard' | 'silent' | 'filtered' | 'none'
export type LineTechnology = 'fibre' | 'xdsl' | 'radio' | 'cellular' | 'satellite' | 'none'

/** The Internet line of a place of a school or college, as it truly is in the simulated region. */
export interface Line {
  /** Key of its place. */
  key: string
  inn: string
  kpp: string
  full_name: string
  short_name: string
  address: string
  norm_kbps: number
  provider: string | null
  technology: LineTechnology
  /** By contract; null: there is no connection. */
  contract_kbps: number | null
  /** What is truly carried at a quiet hour. */
  speed_kbps: number | null
  fate: AgentFate
  computers: number
  pupils: number
  /** What the school says of itself; null: nothing. */
  reported_kbps: number | null
  /** A simulated agent tests it all the time. */
  is_live: boolean
}

/** Speeds of the four buildings of a school like in «100, 100, 8 и нет подключения». */
const SCENE_KBPS = [100_000, 100_000, 8_000, null] as const
const LIVE_SCHOOLS = 14
/** Below, what buffers of this machine hold is so much of a test that its two sides would differ. */
const LIVE_LEAST_KBPS = 20_000
const NORMS: Readonly<Record<SettlementKind, number>> = { city: 100_000, urban_settlement: 50_000, village: 50_000 }
const PROVIDERS = ['ПАО «Ростелеком»', 'АО «ЭР-Телеком Холдинг»', 'ООО «Волга-Связь»', 'ООО «Степь-Телеком»'] as const
const MAST_PROVIDER = 'ПАО «МегаФон»'
const SKY_PROVIDER = 'АО «Орбита-Связь»'

interface Offer {
  technology: LineTechnology
  provider: string | null
  contract_kbps: number | null
}

function pickOffer(settlement: SettlementKind, random: Random): Offer {
  const provider = random.pick(PROVIDERS)
  const draw = random.next()
  if (settlement === 'city') {
    const contract_kbps = draw < 0.75 ? 100_000 : draw < 0.93 ? 200_000 : 50_000
    return { technology: 'fibre', provider, contract_kbps }
  }
  if (draw < 0.76) return { technology: 'fibre', provider, contract_kbps: random.chance(0.3) ? 100_000 : 50_000 }
  if (draw < 0.84) return { technology: 'radio', provider, contract_kbps: 30_000 }
  if (draw < 0.93) return { technology: 'cellular', provider: MAST_PROVIDER, contract_kbps: 50_000 }
  if (draw < 0.96) return { technology: 'satellite', provider: SKY_PROVIDER, contract_kbps: 20_000 }
  if (draw < 0.98) return { technology: 'xdsl', provider, contract_kbps: 10_000 }
  return { technology: 'none', provider: null, contract_kbps: null }
}

function pickFate(random: Random): AgentFate {
  const draw = random.next()
  return draw < 0.8 ? 'heard' : draw < 0.87 ? 'silent' : draw < 0.91 ? 'filtered' : 'none'
}

/** Most lines carry a little more than was agreed; every fifth far less. */
function pickSpeed({ contract_kbps }: Offer, random: Random): number | null {
  const share = random.chance(0.8) ? 1.02 + random.next() * 0.12 : 0.25 + random.next() * 0.45
  return contract_kbps === null ? null : Math.round(contract_kbps * share)
}

function planLine(place: Place, seed: number): Line {
  const random = createRandom(seed, `${place.key}-line`)
  const offer = pickOffer(place.settlement_kind, random)
  const speed_kbps = pickSpeed(offer, random)
  const { address, full_name, inn, key, kpp, short_name } = place
  const fate = speed_kbps === null ? 'none' : pickFate(random)
  return {
    ...{ key, inn, kpp, full_name, short_name, address, ...offer, speed_kbps, fate },
    norm_kbps: NORMS[place.settlement_kind],
    computers: place.settlement_kind === 'village' ? random.int(8, 45) : random.int(30, 160),
    pupils: place.settlement_kind === 'village' ? random.int(25, 280) : random.int(300, 1200),
    // Schools report what the contract says, a third of them nothing.
    reported_kbps: random.chance(0.33) ? null : offer.contract_kbps,
    is_live: false,
  }
}

/** Building `index` of a scene school: its contract promises what the first two carry. */
function planSceneLine(place: Place, index: number, seed: number): Line {
  const line = planLine(place, seed)
  const kbps = SCENE_KBPS[index] ?? null
  const offer: Offer =
    kbps === null
      ? { technology: 'none', provider: null, contract_kbps: null }
      : { technology: 'fibre', provider: PROVIDERS[0], contract_kbps: index < 2 ? 100_000 : 50_000 }
  // Some more than the round figure, so that what the protocol itself takes does not decide.
  const speed_kbps = kbps === null || kbps < 50_000 ? kbps : Math.round(kbps * 1.12)
  return { ...line, ...offer, speed_kbps, reported_kbps: offer.contract_kbps, fate: kbps === null ? 'none' : 'heard' }
}

/** Marks the schools whose agents run while the demo does: the scene's, those behind a filter first, and some others. */
function chooseLive(lines: readonly Line[]): ReadonlySet<string> {
  const scene = lines.filter(({ key }) => isSceneKey(key)).map(({ inn }) => inn)
  const filtered = lines.filter(({ fate }) => fate === 'filtered').slice(0, 2)
  const others = lines.filter(({ fate }) => fate === 'heard').filter((_, index) => index % 7 === 0)
  return new Set([...scene, ...[...filtered, ...others].map(({ inn }) => inn)].slice(0, LIVE_SCHOOLS + scene.length))
}

/** Whether a place is a building of a scene school. */
export function isSceneKey(key: string): boolean {
  return /-s\d$/.test(key)
}

/** Lines of all places that are measured: buildings, and organisations and branches that have none. */
export function planLines(places: readonly Place[], seed: number): Line[] {
  const withBuildings = new Set(places.filter(({ level }) => level === 'building').map(({ inn }) => inn))
  const lines = places
    .filter(({ org_kind }) => org_kind === 'school' || org_kind === 'college')
    .filter(({ inn, level }) => level !== 'organisation' || !withBuildings.has(inn))
    .map((place) =>
      isSceneKey(place.key) ? planSceneLine(place, Number(place.key.at(-1)) - 1, seed) : planLine(place, seed),
    )
  const live = chooseLive(lines)
  return lines.map((line) => ({
    ...line,
    is_live: live.has(line.inn) && line.fate !== 'none' && (line.speed_kbps ?? 0) >= LIVE_LEAST_KBPS,
  }))
}
