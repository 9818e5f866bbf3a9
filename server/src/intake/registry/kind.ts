import { systemScope } from '../../db/access-scope.ts'
import { findLatestChangeSetNo } from '../../db/change-set.ts'
import type { WriteExecutor } from '../../db/executor.ts'
import type { ImportContext, IntakeKind } from '../kinds.ts'
import { describeMapping, judgeAside } from '../mapped-sheets.ts'
import { listMissingUnits } from '../missing.ts'
import { mapSheets, type SheetMapping } from '../mapping.ts'
import type { RawRow } from '../sheet-rows.ts'
import { FIELD_TITLES, REGISTRY_COLUMNS, type RegistryField } from './columns.ts'
import { findDecisions } from '../decisions.ts'
import { findOwnTerritory } from './own-territory.ts'
import { RegistryPlanner } from './planner.ts'
import { readRegistryRow } from './row.ts'
import { readRegistrySnapshot } from './snapshot.ts'
import { TerritoryIndex } from './territories.ts'
import { dropEnded, withdrawUnits } from './withdraw.ts'
import { allocateIds, writeRegistryPlan } from './write.ts'

function hasNeededColumns(mapping: SheetMapping<RegistryField>): boolean {
  return mapping.columns.has('full_name') || mapping.columns.has('short_name')
}

async function prepare(tx: WriteExecutor, raws: readonly RawRow[], context: ImportContext) {
  const mappings = new Map(
    mapSheets(raws, REGISTRY_COLUMNS)
      .filter(hasNeededColumns)
      .map((mapping) => [mapping.sheet_no, mapping]),
  )
  if (mappings.size === 0) {
    const [first] = raws
    const place = first === undefined ? null : `${first.sheet_name}, строка ${first.row_no}`
    return { reason: 'Не найдена шапка таблицы: нужен столбец «Наименование» и ещё хотя бы один известный', place }
  }
  const known_at_change_set_no = await findLatestChangeSetNo(tx)
  const view = { scope: systemScope('import'), day: context.today, known_at_change_set_no }
  const snapshot = await readRegistrySnapshot(tx, view)
  const territories = new TerritoryIndex(snapshot.territories)
  const isData = (raw: RawRow): boolean => raw.row_no > (mappings.get(raw.sheet_no)?.header_row_no ?? Infinity)
  const rows = raws
    .filter(isData)
    .map((raw) => readRegistryRow(raw, mappings.get(raw.sheet_no)?.columns ?? new Map(), { ...context, territories }))
  const decisions = await findDecisions(
    tx,
    { kind: 'registry', jurisdiction: context.jurisdiction },
    rows.map(({ match_key }) => match_key),
  )
  const own = await findOwnTerritory(tx, context.jurisdiction)
  const planned = new RegistryPlanner(snapshot, decisions, own).plan(rows)
  const lacking = await listMissingUnits(tx, { ...context, kind: 'registry', mentioned: planned.mentioned })
  const missing = dropEnded(lacking, snapshot, context.valid_on)
  const plan = withdrawUnits(planned, missing, snapshot, context.valid_on)
  const aside = raws.filter((raw) => !isData(raw)).map((raw) => judgeAside(raw, mappings.get(raw.sheet_no)))
  return {
    rows: [...aside, ...plan.rows],
    missing,
    mapping: [...mappings.values()].map((mapping) => describeMapping(mapping, FIELD_TITLES)),
    reserve: async () => {
      const ids = await allocateIds(tx, plan.drafts)
      return async (change_set_no: number) => {
        await writeRegistryPlan(tx, plan, ids, { ...context, snapshot, change_set_no })
        return new Map([...plan.refs].map(([key, ref]) => [key, ids.get(ref) ?? ref]))
      }
    },
  }
}

/** «Реестр организаций»: legal entities, branches, buildings, and their sites. */
export const registryKind: IntakeKind = { name: 'registry', title: 'Реестр организаций', prepare }
