import type { FounderKind } from '../contract/index.ts'
import { addressKeyOf, listCadastralNumbers, nameKeyOf, type NameKey } from './org-unit-names.ts'
import type { IndexedUnit, RegistryIndex } from './registry-index.ts'

/** What a row says about the unit it means. Null: the row does not say it. */
export interface IdentityClaim {
  name: string | null
  founder_kind: FounderKind | null
  municipality_id: number | null
  inn: string | null
  kpp: string | null
  ogrn: string | null
  address: string | null
  cadastral_number: string | null
}

export interface Candidate {
  ref: number
  reason: string
}

/** Which unit a row means, and why. Provisional: without official codes, so a later code may prove it wrong. */
export type Identification =
  | { outcome: 'unit'; ref: number; reason: string; is_provisional: boolean }
  | { outcome: 'new'; reason: string; is_provisional: boolean }
  | { outcome: 'ambiguous'; candidates: Candidate[]; reason: string }

function candidates(units: readonly IndexedUnit[], reason: string): Candidate[] {
  return units.map(({ ref }) => ({ ref, reason }))
}

function differ(a: string | null, b: string | null): boolean {
  return a !== null && b !== null && a !== b
}

/** By ИНН, then ОГРН. Null: the codes name no known organisation. */
function identifyByCodes(claim: IdentityClaim, index: RegistryIndex): Identification | null {
  const withInn = claim.inn === null ? [] : index.withInn(claim.inn)
  const sameKpp = withInn.length > 1 ? withInn.filter((unit) => unit.kpp === claim.kpp) : withInn
  const [byInn] = sameKpp
  if (byInn !== undefined && sameKpp.length === 1) {
    if (differ(byInn.ogrn, claim.ogrn)) {
      const reason = 'ИНН совпадает, ОГРН различается'
      return { outcome: 'ambiguous', candidates: candidates([byInn], reason), reason }
    }
    return { outcome: 'unit', ref: byInn.ref, reason: 'ИНН совпадает', is_provisional: false }
  }
  if (withInn.length > 0) {
    const reason = 'ИНН совпадает у нескольких организаций'
    return { outcome: 'ambiguous', candidates: candidates(withInn, reason), reason }
  }
  const withOgrn = claim.ogrn === null ? [] : index.withOgrn(claim.ogrn)
  const [byOgrn] = withOgrn
  if (byOgrn === undefined) return null
  if (withOgrn.length > 1 || differ(byOgrn.inn, claim.inn)) {
    const reason = 'ОГРН совпадает, ИНН различается'
    return { outcome: 'ambiguous', candidates: candidates(withOgrn, reason), reason }
  }
  return { outcome: 'unit', ref: byOgrn.ref, reason: 'ОГРН совпадает', is_provisional: false }
}

/** Units that the claim does not contradict: code, founder and municipality are equal where both are known. */
function listCompatible(units: readonly IndexedUnit[], claim: IdentityClaim, name: NameKey): IndexedUnit[] {
  const founder_kind = claim.founder_kind ?? name.founder_kind
  return units.filter(
    (unit) =>
      !differ(unit.inn, claim.inn) &&
      !differ(unit.ogrn, claim.ogrn) &&
      !differ(unit.name.founder_kind, founder_kind) &&
      (unit.municipality_id === null ||
        claim.municipality_id === null ||
        unit.municipality_id === claim.municipality_id),
  )
}

function standsAt(unit: IndexedUnit, address_key: string, index: RegistryIndex): boolean {
  if (unit.address_key === address_key) return true
  const places = [...index.below(unit.ref, 'building'), ...index.below(unit.ref, 'branch')]
  return places.some((place) => place.address_key === address_key)
}

/** Equal names: one only if place or lack of any other mark allows it; a different address needs a person. */
function judgeEqualNames(equal: IndexedUnit[], claim: IdentityClaim, index: RegistryIndex): Identification {
  const address_key = claim.address === null ? null : addressKeyOf(claim.address)
  const here = address_key === null ? [] : equal.filter((unit) => standsAt(unit, address_key, index))
  const [same] = here
  if (same !== undefined && here.length === 1) {
    return { outcome: 'unit', ref: same.ref, reason: 'Совпадают наименование и адрес, кодов нет', is_provisional: true }
  }
  const [only] = equal
  const isAddressKnown = equal.some((unit) => unit.address_key !== null)
  const mayBeOne = claim.municipality_id !== null && only?.municipality_id === claim.municipality_id
  if (
    only !== undefined &&
    equal.length === 1 &&
    mayBeOne &&
    only.name.is_distinctive &&
    (address_key === null || !isAddressKnown)
  ) {
    return {
      outcome: 'unit',
      ref: only.ref,
      reason: 'Совпадают наименование и муниципалитет, кодов и адреса для сверки нет',
      is_provisional: true,
    }
  }
  const reason =
    equal.length > 1
      ? 'Несколько организаций с этим наименованием'
      : 'Наименование совпадает, адрес или муниципалитет — нет'
  return { outcome: 'ambiguous', candidates: candidates(equal, reason), reason }
}

/** Which organisation a row means. Two schools of one name are never taken for one without a mark of place or code. */
export function identifyOrganisation(claim: IdentityClaim, index: RegistryIndex): Identification {
  const byCodes = identifyByCodes(claim, index)
  if (byCodes !== null) return byCodes
  if (claim.name === null) {
    return { outcome: 'ambiguous', candidates: [], reason: 'Нет наименования, а по кодам организация не найдена' }
  }
  const name = nameKeyOf(claim.name)
  const equal = listCompatible(index.withName(name.text), claim, name)
  if (equal.length > 0) return judgeEqualNames(equal, claim, index)
  const alike = name.number_key === null ? [] : listCompatible(index.withNumber(name.number_key), claim, name)
  if (alike.length > 0) {
    const reason = 'Тот же вид и номер, наименование другое'
    return { outcome: 'ambiguous', candidates: candidates(alike, reason), reason }
  }
  const hasCodes = claim.inn !== null || claim.ogrn !== null
  return {
    outcome: 'new',
    reason: hasCodes ? 'Таких кодов в реестре нет' : 'Такого наименования в реестре нет',
    is_provisional: !hasCodes,
  }
}

/**
 * Which organisation the row of a list of buildings means: there a name that repeats is one organisation with several
 * buildings, if the name says more than words that every school has.
 */
export function identifyOwner(claim: IdentityClaim, index: RegistryIndex): Identification {
  const found = identifyOrganisation(claim, index)
  if (found.outcome !== 'ambiguous' || claim.name === null || claim.municipality_id === null) return found
  const name = nameKeyOf(claim.name)
  const equal = listCompatible(index.withName(name.text), claim, name)
  const [only] = equal
  if (only === undefined || equal.length > 1 || !name.is_distinctive) return found
  if (only.municipality_id !== claim.municipality_id) return found
  return {
    outcome: 'unit',
    ref: only.ref,
    reason: 'Здание организации с тем же наименованием, кодов нет',
    is_provisional: true,
  }
}

/** Which branch of a known head a row means: by КПП, else by address or name. */
export function identifyBranch(claim: IdentityClaim, head_ref: number, index: RegistryIndex): Identification {
  const branches = index.below(head_ref, 'branch')
  const byKpp = claim.kpp === null ? undefined : branches.find((unit) => unit.kpp === claim.kpp)
  if (byKpp !== undefined)
    return {
      outcome: 'unit',
      ref: byKpp.ref,
      reason: 'ИНН головной организации и КПП совпадают',
      is_provisional: false,
    }
  const open = branches.filter((unit) => !differ(unit.kpp, claim.kpp))
  const address_key = claim.address === null ? null : addressKeyOf(claim.address)
  const text = claim.name === null ? null : nameKeyOf(claim.name).text
  const alike = open.filter(
    (unit) => (address_key !== null && unit.address_key === address_key) || (text !== null && unit.name.text === text),
  )
  const [only] = alike
  if (only === undefined)
    return { outcome: 'new', reason: 'Такого филиала у организации нет', is_provisional: claim.kpp === null }
  if (alike.length === 1)
    return {
      outcome: 'unit',
      ref: only.ref,
      reason: 'Филиал с тем же адресом или наименованием, КПП нет',
      is_provisional: true,
    }
  const reason = 'Подходят несколько филиалов'
  return { outcome: 'ambiguous', candidates: candidates(alike, reason), reason }
}

/** Which building of a known organisation a row means: by cadastral number, else by address. */
export function identifyBuilding(claim: IdentityClaim, head_ref: number, index: RegistryIndex): Identification {
  const buildings = index.below(head_ref, 'building')
  const numbers = listCadastralNumbers(claim.cadastral_number ?? '')
  const byNumber = buildings.find((unit) => unit.cadastral_numbers.some((number) => numbers.includes(number)))
  if (byNumber !== undefined)
    return { outcome: 'unit', ref: byNumber.ref, reason: 'Кадастровый номер совпадает', is_provisional: false }
  const address_key = claim.address === null ? null : addressKeyOf(claim.address)
  if (address_key === null) {
    const reason = 'Нет адреса и кадастрового номера: здание не определить'
    return { outcome: 'ambiguous', candidates: candidates(buildings, reason), reason }
  }
  const here = buildings.filter((unit) => unit.address_key === address_key)
  const [only] = here
  if (only === undefined)
    return { outcome: 'new', reason: 'Такого здания у организации нет', is_provisional: numbers.length === 0 }
  const isSame = numbers.length === 0 || only.cadastral_numbers.length === 0
  if (here.length === 1 && isSame)
    return { outcome: 'unit', ref: only.ref, reason: 'Здание с тем же адресом', is_provisional: true }
  const reason = 'Адрес совпадает, кадастровые номера различаются'
  return { outcome: 'ambiguous', candidates: candidates(here, reason), reason }
}
