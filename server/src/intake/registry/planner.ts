import {
  identifyBranch,
  identifyBuilding,
  identifyOrganisation,
  identifyOwner,
  type Identification,
} from '../../domain/identification.ts'
import { isBranchKpp } from '../../domain/identifiers.ts'
import { RegistryIndex, type UnitLevel } from '../../domain/registry-index.ts'
import type { RowDecision } from '../decisions.ts'
import type { CellIssue, JudgedRow, RowCandidate, RowVerdict } from '../sheet-rows.ts'
import { Drafts, listKnownUnits, type DraftResult, type StatedFields } from './drafts.ts'
import { claimOf, listMentionedUnits } from './mentions.ts'
import type { OwnTerritory } from './own-territory.ts'
import { rowKey, type Changes, type RegistryPlan, type SiteDraft } from './plan.ts'
import { FIELD_TITLES } from './columns.ts'
import type { RegistryRow } from './row.ts'
import { planSite } from './site-plan.ts'
import type { RegistrySnapshot } from './snapshot.ts'

function statedBy(row: RegistryRow): StatedFields {
  const { full_name, short_name, org_kind, founder_kind, inn, ogrn, kpp, oktmo } = row
  const { settlement_kind, settlement_name, address, latitude, longitude, cadastral_number } = row
  const names = { full_name, short_name, org_kind, founder_kind, inn, ogrn, kpp, oktmo }
  return { ...names, settlement_kind, settlement_name, address, latitude, longitude, cadastral_number }
}

const FIELDS_OF_OWNER = ['full_name', 'short_name', 'org_kind', 'founder_kind'] as const

/** What a row of a list of buildings says about the organisation: its names, nothing of the place. */
function statedOfOwner(row: RegistryRow): StatedFields {
  const whole = statedBy(row)
  const stated = Object.fromEntries(Object.keys(whole).map((field) => [field, null])) as StatedFields
  for (const field of FIELDS_OF_OWNER) Object.assign(stated, { [field]: whole[field] })
  return stated
}

function statedOfBuilding(row: RegistryRow, owner_name: string): StatedFields {
  const name = row.short_name ?? owner_name
  const full_name = row.address === null ? name : `${name}, ${row.address}`
  return {
    ...statedBy(row),
    full_name,
    short_name: name,
    org_kind: null,
    founder_kind: null,
    inn: null,
    ogrn: null,
    kpp: null,
  }
}

/** Decides row by row what an import does to the registry. Pure: it reads nothing and writes nothing. */
export class RegistryPlanner {
  readonly #index: RegistryIndex
  readonly #drafts: Drafts
  readonly #snapshot: RegistrySnapshot
  readonly #decisions: ReadonlyMap<string, RowDecision>
  readonly #own: OwnTerritory
  readonly #sites = new Map<number, SiteDraft>()
  readonly #refs = new Map<string, number>()
  readonly #firstRowOf = new Map<number, RegistryRow>()
  readonly #refOfMatchKey = new Map<string, number>()

  constructor(snapshot: RegistrySnapshot, decisions: ReadonlyMap<string, RowDecision>, own: OwnTerritory) {
    this.#own = own
    this.#snapshot = snapshot
    this.#decisions = decisions
    this.#index = new RegistryIndex(listKnownUnits(snapshot))
    this.#drafts = new Drafts(snapshot, this.#index)
  }

  /** Heads go first, and rows that follow another row by a person's word go last, wherever they stand in the file. */
  plan(rows: readonly RegistryRow[]): RegistryPlan {
    const levelled = this.#inferLevels(rows)
    const rank = (row: RegistryRow): number => {
      const follows = this.#decisions.get(row.match_key)?.outcome === 'same_as_row' ? 3 : 0
      return follows + (row.level === 'branch' ? 1 : row.level === 'building' ? 2 : 0)
    }
    const judged = [...levelled].sort((a, b) => rank(a) - rank(b)).map((row) => this.#planRow(row))
    judged.sort((a, b) => a.sheet_no - b.sheet_no || a.row_no - b.row_no)
    const mentioned = listMentionedUnits(levelled, judged, this.#index)
    const sites = [...this.#sites.values()]
    return { rows: judged, drafts: this.#drafts.listChanged(), sites, refs: this.#refs, mentioned }
  }

  /** Where no column tells: of rows with one ИНН the head's КПП makes the legal entity, another КПП a branch. */
  #inferLevels(rows: readonly RegistryRow[]): RegistryRow[] {
    const headKpp = new Map<string, string | null>()
    for (const row of rows) {
      if (row.level !== null || row.inn === null || row.is_building_list) continue
      const known = this.#index.withInn(row.inn)[0]?.kpp ?? headKpp.get(row.inn) ?? null
      const isHead = row.kpp !== null && !isBranchKpp(row.kpp)
      headKpp.set(row.inn, known === null || (isHead && isBranchKpp(known)) ? row.kpp : known)
    }
    return rows.map((row) => {
      if (row.level !== null || row.is_building_list) return row
      const kpp = row.inn === null ? null : headKpp.get(row.inn)
      const isBranch =
        row.head_inn !== null || (row.kpp !== null && kpp !== null && kpp !== undefined && row.kpp !== kpp)
      return isBranch
        ? { ...row, level: 'branch', head_inn: row.head_inn ?? row.inn }
        : { ...row, level: 'organisation' }
    })
  }

  #planRow(row: RegistryRow): JudgedRow {
    const decision = this.#decisions.get(row.match_key)
    if (row.issues.some((issue) => issue.severity === 'error')) return this.#judge(row, 'refused', null)
    if (decision?.outcome === 'skip') return this.#judge(row, 'skipped', `Решение: не принимать. ${decision.reason}`)
    if (row.is_building_list) return this.#planListedBuilding(row, decision)
    if (row.level === 'branch' || row.level === 'building') return this.#planPart(row, row.level, decision)
    const found = this.#decided(row, decision) ?? identifyOrganisation(claimOf(row), this.#index)
    return this.#take(row, 'organisation', null, found)
  }

  /** What a person's decision says; null when there is none or its unit is gone. */
  #decided(row: RegistryRow, decision: RowDecision | undefined): Identification | null {
    if (decision === undefined) return null
    const reason = `Решение: ${decision.reason}`
    if (decision.outcome === 'new') return { outcome: 'new', reason, is_provisional: false }
    const ref =
      decision.outcome === 'unit' ? decision.org_unit_id : this.#refOfMatchKey.get(decision.same_as_match_key ?? '')
    if (ref !== null && ref !== undefined && this.#index.get(ref) !== undefined) {
      return { outcome: 'unit', ref, reason, is_provisional: false }
    }
    this.#note(row, 'warning', 'Прежнее решение ссылается на запись, которой нет', null)
    return null
  }

  #planPart(row: RegistryRow, level: 'branch' | 'building', decision: RowDecision | undefined): JudgedRow {
    const inn = row.head_inn ?? row.inn
    const heads = inn === null ? [] : this.#index.withInn(inn)
    const head = heads.find((unit) => row.head_kpp === null || unit.kpp === row.head_kpp) ?? heads[0]
    if (head === undefined) {
      this.#note(
        row,
        'error',
        'Головная организация не найдена',
        inn === null ? 'ИНН головной организации' : `ИНН ${inn}`,
      )
      return this.#judge(row, 'refused', null)
    }
    const identify = level === 'branch' ? identifyBranch : identifyBuilding
    const found = this.#decided(row, decision) ?? identify(claimOf(row), head.ref, this.#index)
    return this.#take({ ...row, municipality_id: row.municipality_id ?? head.municipality_id }, level, head.ref, found)
  }

  /** A row of a list of buildings: first whose building it is, then which one. */
  #planListedBuilding(row: RegistryRow, decision: RowDecision | undefined): JudgedRow {
    if (row.full_name === null && decision === undefined) {
      this.#note(row, 'warning', 'Нет полного наименования: решите, чьё это здание', 'организация')
      return this.#judge(row, 'ambiguous', 'Нет полного наименования')
    }
    const found = this.#decided(row, decision) ?? identifyOwner(claimOf(row), this.#index)
    if (found.outcome === 'ambiguous') return this.#take(row, 'organisation', null, found)
    const decided = found.outcome === 'unit' ? this.#index.get(found.ref) : undefined
    if (decided?.level === 'building') return this.#takeBuilding(row, decided.head_ref ?? decided.ref, found)
    if (found.outcome === 'new' && !this.#canBeNew(row)) return this.#judge(row, 'refused', null)
    if (!this.#isOwn(row, found, null)) return this.#refuseForeign(row)
    const owner = this.#stateOwner(row, found)
    if (found.is_provisional) this.#note(row, 'warning', `Организация определена предварительно: ${found.reason}`, null)
    const building = identifyBuilding(claimOf(row), owner, this.#index)
    return this.#takeBuilding(
      row,
      owner,
      building,
      found.outcome === 'new' ? 'Новая организация и её здание' : found.reason,
    )
  }

  #stateOwner(row: RegistryRow, found: Exclude<Identification, { outcome: 'ambiguous' }>): number {
    const ref = found.outcome === 'unit' ? found.ref : null
    // A list of buildings makes an organisation known, it does not rename a known one.
    if (ref !== null) return this.#remember(row, ref)
    const { ref: made } = this.#drafts.state({
      ref,
      level: 'organisation',
      head_ref: null,
      stated: statedOfOwner(row),
      row,
    })
    return this.#remember(row, made)
  }

  #remember(row: RegistryRow, ref: number): number {
    if (!this.#refOfMatchKey.has(row.match_key)) this.#refOfMatchKey.set(row.match_key, ref)
    return ref
  }

  #takeBuilding(row: RegistryRow, head_ref: number, found: Identification, because?: string): JudgedRow {
    if (found.outcome === 'ambiguous') return this.#take(row, 'building', head_ref, found)
    if (!this.#isOwn(row, found, head_ref)) return this.#refuseForeign(row)
    const owner = this.#index.get(head_ref)
    const stated = statedOfBuilding(row, owner?.full_name ?? '')
    const ref = found.outcome === 'unit' ? found.ref : null
    const result = this.#drafts.state({ ref, level: 'building', head_ref, stated, row })
    const reason = because === undefined ? found.reason : `${because}. ${found.reason}`
    return this.#conclude(row, { ...result, contradicted: [] }, reason, result.contradicted)
  }

  #canBeNew(row: RegistryRow): boolean {
    if (row.full_name === null && row.short_name === null) this.#note(row, 'error', 'Нет наименования', 'наименование')
    if (row.municipality_id === null) this.#note(row, 'error', 'Не указан муниципалитет', 'муниципалитет или ОКТМО')
    return !row.issues.some((issue) => issue.severity === 'error')
  }

  #take(row: RegistryRow, level: UnitLevel, head_ref: number | null, found: Identification): JudgedRow {
    const isNameless = row.full_name === null && row.short_name === null
    if (found.outcome === 'ambiguous') {
      if (isNameless && found.candidates.length === 0) {
        this.#note(row, 'error', 'Нет наименования, а по кодам организация не найдена', 'наименование')
        return this.#judge(row, 'refused', null)
      }
      const candidates = found.candidates.filter(({ ref }) => this.#own.shows(ref))
      if (candidates.length === 0 && found.candidates.length > 0) return this.#refuseForeign(row)
      return this.#judge(row, 'ambiguous', found.reason, { candidates: this.#describe(candidates) })
    }
    if (found.outcome === 'new' && !this.#canBeNew(row)) return this.#judge(row, 'refused', null)
    if (!this.#isOwn(row, found, head_ref)) return this.#refuseForeign(row)
    if (found.is_provisional) this.#note(row, 'warning', `Определено предварительно: ${found.reason}`, 'ИНН или ОГРН')
    const ref = found.outcome === 'unit' ? found.ref : null
    const first = ref === null ? undefined : this.#firstRowOf.get(ref)
    const result = this.#drafts.state({ ref, level, head_ref, stated: statedBy(row), row })
    if (result.contradicted.length > 0 && first !== undefined) {
      this.#note(
        row,
        'error',
        `Строка ${first.row_no} говорит о той же организации иное: ${result.contradicted.join(', ')}`,
        null,
      )
      return this.#judge(row, 'refused', found.reason)
    }
    const site = planSite({ ref: result.ref, level, head_ref, row }, this.#snapshot.sites, this.#sites)
    if (site.note !== null) this.#note(row, 'note', site.note, null)
    return this.#conclude(row, { ...result, changes: { ...result.changes, ...site.changes } }, found.reason, [])
  }

  #isOwn(row: RegistryRow, found: Exclude<Identification, { outcome: 'ambiguous' }>, head_ref: number | null): boolean {
    const { municipality_id, founder_kind } = row
    return this.#own.includes({
      ref: found.outcome === 'unit' ? found.ref : null,
      head_ref,
      municipality_id,
      founder_kind,
    })
  }

  /** Of what the sender does not answer for the file learns nothing, not even whether it is known. */
  #refuseForeign(row: RegistryRow): JudgedRow {
    this.#note(row, 'error', 'Не ваша территория: за эту организацию отвечают другие', null)
    return this.#judge(row, 'refused', null)
  }

  #conclude(row: RegistryRow, result: DraftResult, reason: string, contradicted: string[]): JudgedRow {
    const first = this.#firstRowOf.get(result.ref)
    if (first === undefined) this.#firstRowOf.set(result.ref, row)
    this.#remember(row, result.ref)
    this.#refs.set(rowKey(row), result.ref)
    if (first !== undefined) {
      const differing = contradicted.filter((field) => field !== 'full_name')
      if (differing.length > 0)
        this.#note(row, 'warning', `Строка ${first.row_no} говорит иное: ${differing.join(', ')}; взята она`, null)
      const adds = Object.keys(result.changes).length > 0
      const text = adds ? `Дополняет строку ${first.row_no}. ${reason}` : `Повтор строки ${first.row_no}. ${reason}`
      return this.#judge(row, 'skipped', text, { ref: result.ref, changes: result.changes })
    }
    this.#warnOfLater(row, result)
    const verdict = result.is_new ? 'new' : Object.keys(result.changes).length > 0 ? 'changed' : 'same'
    return this.#judge(row, verdict, reason, { ref: result.ref, changes: result.changes })
  }

  /** A sheet of an earlier day adds a version of that day; what is known of later days stands. */
  #warnOfLater(row: RegistryRow, { later }: DraftResult): void {
    if (later === null) return
    const fields = later.fields.map((field) => FIELD_TITLES.get(field) ?? field).join(', ')
    const message = `Действует только до ${later.valid_from}: с этого дня в реестре уже записано другое (${fields}), более поздние записи не меняются`
    this.#note(row, 'warning', message, `строка с днём ${later.valid_from} или позже, если изменилось и после него`)
  }

  #describe(candidates: { ref: number; reason: string }[]): RowCandidate[] {
    return candidates.map(({ ref, reason }) => {
      const first = this.#firstRowOf.get(ref) ?? this.#rowUnder(ref)
      return ref > 0
        ? { org_unit_id: ref, sheet_no: null, row_no: null, reason }
        : { org_unit_id: null, sheet_no: first?.sheet_no ?? null, row_no: first?.row_no ?? null, reason }
    })
  }

  /** The row that made an organisation by one of its buildings. */
  #rowUnder(ref: number): RegistryRow | undefined {
    const [building] = this.#index.below(ref, 'building')
    return building === undefined ? undefined : this.#firstRowOf.get(building.ref)
  }

  #note(row: RegistryRow, severity: CellIssue['severity'], message: string, expected: string | null): void {
    const { sheet_name, row_no } = row
    row.issues.push({ severity, sheet_name, row_no, column: null, cell: null, message, found: null, expected })
  }

  #judge(
    row: RegistryRow,
    verdict: RowVerdict,
    identified_by: string | null,
    more: { ref?: number; changes?: Changes; candidates?: RowCandidate[] } = {},
  ): JudgedRow {
    const { sheet_no, row_no, sheet_name, match_key, issues } = row
    const org_unit_id = more.ref !== undefined && more.ref > 0 ? more.ref : null
    const { candidates = [], changes = {} } = more
    return {
      sheet_no,
      row_no,
      sheet_name,
      verdict,
      org_unit_id,
      identified_by,
      match_key,
      candidates,
      issues,
      changes,
    }
  }
}
