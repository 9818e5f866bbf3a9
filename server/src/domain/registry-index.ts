import type { FounderKind } from '../contract/index.ts'
import { addressKeyOf, listCadastralNumbers, nameKeyOf, type NameKey } from './org-unit-names.ts'

export type UnitLevel = 'organisation' | 'branch' | 'building'

/** What identification knows of a unit: one of the registry (ref is its id) or one that a row makes (ref < 0). */
export interface KnownUnit {
  ref: number
  level: UnitLevel
  /** Head of a branch or building; null for an organisation. */
  head_ref: number | null
  municipality_id: number | null
  full_name: string
  founder_kind: FounderKind | null
  inn: string | null
  kpp: string | null
  ogrn: string | null
  address: string | null
  cadastral_number: string | null
}

/** A unit with the keys that it is found by. */
export interface IndexedUnit extends KnownUnit {
  name: NameKey
  address_key: string | null
  cadastral_numbers: string[]
}

function add(map: Map<string, IndexedUnit[]>, key: string | null, unit: IndexedUnit): void {
  if (key === null || key === '') return
  const list = map.get(key)
  if (list === undefined) map.set(key, [unit])
  else list.push(unit)
}

/** Finds units by codes, names and heads. It grows while a file is read, so that rows find units of earlier rows. */
export class RegistryIndex {
  readonly #byInn = new Map<string, IndexedUnit[]>()
  readonly #byOgrn = new Map<string, IndexedUnit[]>()
  readonly #byName = new Map<string, IndexedUnit[]>()
  readonly #byNumber = new Map<string, IndexedUnit[]>()
  readonly #byHead = new Map<number, IndexedUnit[]>()
  readonly #byRef = new Map<number, IndexedUnit>()

  constructor(units: Iterable<KnownUnit>) {
    for (const unit of units) this.add(unit)
  }

  add(unit: KnownUnit): IndexedUnit {
    const name = nameKeyOf(unit.full_name)
    const indexed: IndexedUnit = {
      ...unit,
      name: { ...name, founder_kind: unit.founder_kind ?? name.founder_kind },
      address_key: unit.address === null ? null : addressKeyOf(unit.address),
      cadastral_numbers: listCadastralNumbers(unit.cadastral_number ?? ''),
    }
    this.#byRef.set(unit.ref, indexed)
    if (unit.level === 'organisation') {
      add(this.#byInn, unit.inn, indexed)
      add(this.#byOgrn, unit.ogrn, indexed)
      add(this.#byName, name.text, indexed)
      add(this.#byNumber, name.number_key, indexed)
    } else if (unit.head_ref !== null) {
      const below = this.#byHead.get(unit.head_ref)
      if (below === undefined) this.#byHead.set(unit.head_ref, [indexed])
      else below.push(indexed)
    }
    return indexed
  }

  get(ref: number): IndexedUnit | undefined {
    return this.#byRef.get(ref)
  }

  /** Organisations with this ИНН; branches and buildings are below them. */
  withInn(inn: string): readonly IndexedUnit[] {
    return this.#byInn.get(inn) ?? []
  }

  withOgrn(ogrn: string): readonly IndexedUnit[] {
    return this.#byOgrn.get(ogrn) ?? []
  }

  withName(text: string): readonly IndexedUnit[] {
    return this.#byName.get(text) ?? []
  }

  withNumber(number_key: string): readonly IndexedUnit[] {
    return this.#byNumber.get(number_key) ?? []
  }

  below(head_ref: number, level: UnitLevel): readonly IndexedUnit[] {
    return (this.#byHead.get(head_ref) ?? []).filter((unit) => unit.level === level)
  }
}
