import {
  identifyBranch,
  identifyBuilding,
  identifyOrganisation,
  type Identification,
  type IdentityClaim,
} from '../../domain/identification.ts'
import { isInn, isKpp } from '../../domain/identifiers.ts'
import { addressKeyOf, nameKeyOf } from '../../domain/org-unit-names.ts'
import type { IndexedUnit, RegistryIndex } from '../../domain/registry-index.ts'
import type { RowDecision } from '../decisions.ts'
import type { TerritoryIndex } from '../registry/territories.ts'
import type { RowReader } from '../row-reader.ts'
import type { PlaceField } from './place-columns.ts'

/** What a fact may be about: a building always where there are any, or else also the organisation as a whole. */
export type PlaceGrain = 'building' | 'organisation_or_building'

/** What a row says of its place. */
export interface PlaceClaim extends IdentityClaim {
  match_key: string
}

/** Which place a row means. `unknown`: the registry has none such, and sheets of facts make none. */
export type FoundPlace =
  | { outcome: 'place'; unit: IndexedUnit; reason: string; is_provisional: boolean }
  | { outcome: 'ambiguous'; units: number[]; reason: string }
  | { outcome: 'unknown'; reason: string }

/** What reads the columns of the place, whatever other columns its sheet has. */
type PlaceReader = Pick<RowReader<PlaceField>, 'text' | 'code' | 'report'>

/** Reads the columns of the place; a municipality that is not known leaves an issue. */
export function readPlaceClaim(reader: PlaceReader, territories: TerritoryIndex, fallback: number | null): PlaceClaim {
  const named = reader.text('municipality')
  const found = named === null ? undefined : territories.findMunicipality(named)
  if (named !== null && found === undefined) {
    reader.report('error', 'municipality', 'Нет такого муниципалитета', 'название по справочнику')
  }
  const claim = {
    name: reader.text('full_name'),
    founder_kind: null,
    municipality_id: named === null ? fallback : (found?.org_unit_id ?? null),
    inn: reader.code('inn', isInn, '10 цифр с верным контрольным числом'),
    kpp: reader.code('kpp', isKpp, '9 знаков'),
    ogrn: null,
    address: reader.text('address'),
    cadastral_number: reader.text('cadastral_number'),
  }
  const name = claim.name === null ? null : nameKeyOf(claim.name).text
  const address = claim.address === null ? null : addressKeyOf(claim.address)
  const parts = [name, claim.municipality_id, claim.inn, claim.kpp, address, claim.cadastral_number]
  return { ...claim, match_key: parts.map((part) => part ?? '').join('|') }
}

function ambiguous(found: Extract<Identification, { outcome: 'ambiguous' }>): FoundPlace {
  return { outcome: 'ambiguous', units: found.candidates.map(({ ref }) => ref), reason: found.reason }
}

/** Finds places of rows among known units. */
export class PlaceFinder {
  readonly #index: RegistryIndex
  readonly #grain: PlaceGrain

  constructor(index: RegistryIndex, grain: PlaceGrain) {
    this.#index = index
    this.#grain = grain
  }

  find(claim: PlaceClaim, decision: RowDecision | undefined): FoundPlace {
    const decided = decision?.outcome === 'unit' ? this.#index.get(decision.org_unit_id ?? 0) : undefined
    if (decided !== undefined) return this.#within(claim, decided, `Решение: ${decision?.reason ?? ''}`, false)
    const found = identifyOrganisation(claim, this.#index)
    if (found.outcome === 'ambiguous') return ambiguous(found)
    if (found.outcome === 'new') return { outcome: 'unknown', reason: found.reason }
    const head = this.#index.get(found.ref)
    if (head === undefined) throw new Error(`Org unit ${found.ref} was found and is not known`)
    return this.#withinOrganisation(claim, head, found)
  }

  /** An own КПП makes it a branch of the organisation. */
  #withinOrganisation(claim: PlaceClaim, head: IndexedUnit, found: Extract<Identification, { outcome: 'unit' }>) {
    const isBranch = claim.kpp !== null && head.kpp !== null && claim.kpp !== head.kpp
    if (!isBranch) return this.#within(claim, head, found.reason, found.is_provisional)
    const branch = identifyBranch(claim, head.ref, this.#index)
    if (branch.outcome === 'ambiguous') return ambiguous(branch)
    const unit = branch.outcome === 'unit' ? this.#index.get(branch.ref) : undefined
    if (unit === undefined) return { outcome: 'unknown' as const, reason: branch.reason }
    return this.#within(claim, unit, branch.reason, branch.is_provisional)
  }

  #within(claim: PlaceClaim, unit: IndexedUnit, reason: string, is_provisional: boolean): FoundPlace {
    const buildings = unit.level === 'building' ? [] : this.#index.below(unit.ref, 'building')
    const [only] = buildings
    if (only === undefined) return { outcome: 'place', unit, reason, is_provisional }
    if (claim.address === null && claim.cadastral_number === null) {
      if (this.#grain === 'organisation_or_building') return { outcome: 'place', unit, reason, is_provisional }
      if (buildings.length === 1) return { outcome: 'place', unit: only, reason, is_provisional }
      const units = buildings.map(({ ref }) => ref)
      return { outcome: 'ambiguous', units, reason: 'У организации несколько зданий, адреса в строке нет' }
    }
    const building = identifyBuilding(claim, unit.ref, this.#index)
    if (building.outcome === 'ambiguous') return ambiguous(building)
    const found = building.outcome === 'unit' ? this.#index.get(building.ref) : undefined
    if (found === undefined) return { outcome: 'unknown', reason: building.reason }
    // An address that stands for one building of a known organisation needs no second look.
    return { outcome: 'place', unit: found, reason: `${reason}. ${building.reason}`, is_provisional }
  }
}
