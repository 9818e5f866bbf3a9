import { sql } from 'kysely'
import { systemScope } from '../../db/access-scope.ts'
import { findLatestChangeSetNo } from '../../db/change-set.ts'
import type { WriteExecutor } from '../../db/executor.ts'
import { listPlaceFacts, type PlaceFactTable } from '../../db/place-facts.ts'
import { RegistryIndex } from '../../domain/registry-index.ts'
import { findDecisions } from '../decisions.ts'
import type { ImportContext, IntakeKind } from '../kinds.ts'
import { describeMapping, judgeAside } from '../mapped-sheets.ts'
import { mapSheets } from '../mapping.ts'
import { listKnownUnits } from '../registry/drafts.ts'
import { findOwnTerritory } from '../registry/own-territory.ts'
import { readRegistrySnapshot } from '../registry/snapshot.ts'
import { TerritoryIndex } from '../registry/territories.ts'
import { RowReader } from '../row-reader.ts'
import type { RawRow } from '../sheet-rows.ts'
import type { FactSpec } from './fact-spec.ts'
import { readPlaceClaim } from './find-place.ts'
import { PLACE_COLUMNS, type PlaceField } from './place-columns.ts'
import { FactPlanner, type DraftFact, type FactRow } from './plan-facts.ts'

const ROWS_PER_STATEMENT = 2000

/** Writes facts of one table. Rows of one statement have the same columns, in the order of the first. */
async function insertFacts<Table extends PlaceFactTable>(
  tx: WriteExecutor,
  table: Table,
  drafts: readonly DraftFact<Table>[],
  source: { source_id: string; change_set_no: number },
): Promise<void> {
  const rows = drafts.map(({ org_unit_id, fact, source_place }) => ({
    ...{ org_unit_id, source_place, source_kind: 'import', ...source },
    ...(fact as Record<string, unknown>),
  }))
  for (let start = 0; start < rows.length; start += ROWS_PER_STATEMENT) {
    const part = rows.slice(start, start + ROWS_PER_STATEMENT)
    const columns = sql.join(Object.keys(part[0] ?? {}).map((column) => sql.ref(column)))
    const json = JSON.stringify(part)
    await sql`INSERT INTO ${sql.table(table)} (${columns})
      SELECT ${columns} FROM jsonb_populate_recordset(NULL::${sql.table(table)}, ${json}::jsonb)`.execute(tx)
  }
}

/** Makes a kind of sheet of what is told of it. It changes nothing in the registry: places must be known. */
export function defineFactKind<Table extends PlaceFactTable, Field extends string>(
  spec: FactSpec<Table, Field>,
): IntakeKind {
  type Column = Field | PlaceField
  const columns = [...PLACE_COLUMNS, ...spec.columns]
  const titles = new Map<string, string>(columns.map(({ field, title }) => [field, title]))
  const expected = spec.needed.map((field) => `«${titles.get(field) ?? field}»`).join(', ')

  async function prepare(tx: WriteExecutor, raws: readonly RawRow[], context: ImportContext) {
    const sheets = mapSheets<Column>(raws, columns).filter((sheet) =>
      spec.needed.every((field) => sheet.columns.has(field)),
    )
    const mappings = new Map(sheets.map((sheet) => [sheet.sheet_no, sheet]))
    if (mappings.size === 0) {
      const [first] = raws
      const place = first === undefined ? null : `${first.sheet_name}, строка ${first.row_no}`
      return { reason: `Не найдена шапка таблицы: нужны столбцы ${expected} и хотя бы один об организации`, place }
    }
    const known_at_change_set_no = await findLatestChangeSetNo(tx)
    const view = { scope: systemScope('import'), day: context.today, known_at_change_set_no }
    const snapshot = await readRegistrySnapshot(tx, view)
    const territories = new TerritoryIndex(snapshot.territories)
    const isData = (raw: RawRow): boolean => raw.row_no > (mappings.get(raw.sheet_no)?.header_row_no ?? Infinity)
    const rows = raws.filter(isData).map((raw): FactRow<Table> => {
      const reader = new RowReader<Column>(raw, mappings.get(raw.sheet_no)?.columns ?? new Map<Column, string>())
      const claim = readPlaceClaim(reader, territories, context.territory_id)
      const fact = spec.read(reader, context.valid_on)
      return { raw, claim, fact, issues: reader.issues }
    })
    const plan = new FactPlanner(spec, {
      index: new RegistryIndex(listKnownUnits(snapshot)),
      decisions: await findDecisions(
        tx,
        { kind: spec.name, jurisdiction: context.jurisdiction },
        rows.map(({ claim }) => claim.match_key),
      ),
      own: await findOwnTerritory(tx, context.jurisdiction),
      known: await listPlaceFacts(tx, spec.table, { known_at_change_set_no }),
    }).plan(rows)
    const aside = raws.filter((raw) => !isData(raw)).map((raw) => judgeAside(raw, mappings.get(raw.sheet_no)))
    return {
      rows: [...aside, ...plan.rows],
      missing: [],
      mapping: sheets.map((sheet) => describeMapping(sheet, titles)),
      reserve: () =>
        Promise.resolve(async (change_set_no: number) => {
          await insertFacts(tx, spec.table, plan.drafts, { source_id: String(context.import_id), change_set_no })
          return plan.places
        }),
    }
  }

  return { name: spec.name, title: spec.title, prepare }
}
