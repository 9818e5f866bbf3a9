import type { ReadExecutor } from '../../db/executor.ts'
import type { LineageFact } from '../../indicators/indicator.ts'

/** Adds to each fact when its change set was recorded and who brought it. */
export async function listFactsWithRecords(db: ReadExecutor, facts: readonly LineageFact[]) {
  const numbers = [...new Set(facts.map((fact) => fact.change_set_no))]
  const records =
    numbers.length === 0
      ? []
      : await db
          .selectFrom('change_set')
          .where('change_set_no', 'in', numbers)
          .select(['change_set_no', 'recorded_at', 'actor'])
          .execute()
  const byNumber = new Map(records.map((record) => [record.change_set_no, record]))
  return facts.map((fact) => {
    const record = byNumber.get(fact.change_set_no)
    return { ...fact, recorded_at: record?.recorded_at ?? null, actor: record?.actor ?? null }
  })
}
