import type { Subject } from '../../access/subject.ts'
import type { ReadExecutor } from '../../db/executor.ts'
import { CodedError } from '../../errors.ts'

/**
 * A collector touches only files whose parsing it was leased, also after the lease has run out: a late word of one
 * that was slow changes nothing. One whose token is for other work touches none.
 * @throws EDU_LEASE_NOT_FOUND
 */
export async function requireParseLease(db: ReadExecutor, subject: Subject, import_id: number): Promise<void> {
  const collector = subject.kind === 'program' ? subject.collector : null
  const mayParse = collector?.work_kinds.includes('sheet_parse') === true
  const lease = await db
    .selectFrom('lease')
    .where('kind', '=', 'sheet_parse')
    .where('import_id', '=', import_id)
    .where('collector', '=', collector?.name ?? '')
    .where('vantage', '=', collector?.vantage ?? '')
    .select('lease_id')
    .executeTakeFirst()
  if (lease === undefined || !mayParse)
    throw new CodedError('EDU_LEASE_NOT_FOUND', 'Эта загрузка вам не поручена', { import_id })
}
