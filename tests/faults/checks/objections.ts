import { hashBytes, readBlob } from '../../../server/src/db/blobs.ts'
import type { ReadExecutor } from '../../../server/src/db/executor.ts'
import { summarise, type Pledge } from './pledge.ts'

/** Files of so many of the newest objections are read. */
const READ_FILES = 20

/** Every acknowledged objection is stored once, with its file, and decided as was acknowledged. */
export async function checkObjections(db: ReadExecutor, pledge: Pledge): Promise<string[]> {
  const rows = await db.selectFrom('objection').select(['objection_id', 'reason', 'file_sha256']).execute()
  const decided = await db.selectFrom('objection_decision').select(['objection_id', 'outcome']).execute()
  const files = new Map(rows.map((row) => [row.objection_id, row.file_sha256]))
  const outcomes = new Map(decided.map((row) => [row.objection_id, row.outcome]))
  const times = new Map<string, number>()
  for (const { reason } of rows) times.set(reason, (times.get(reason) ?? 0) + 1)
  const lost = pledge.objections.filter((known) => files.get(known.objection_id) !== known.file_sha256)
  const undone = pledge.decisions.filter((known) => outcomes.get(known.objection_id) !== known.outcome)
  return [
    ...summarise(
      'objections lost or without their file',
      lost.map(({ objection_id }) => objection_id),
    ),
    ...summarise(
      'objections doubled',
      [...times].filter(([, count]) => count > 1).map(([reason]) => reason),
    ),
    ...summarise(
      'decisions lost or changed',
      undone.map(({ objection_id }) => objection_id),
    ),
    ...(await checkFiles(db, pledge)),
  ]
}

async function checkFiles(db: ReadExecutor, { objections }: Pledge): Promise<string[]> {
  const broken: string[] = []
  for (const { objection_id, file_sha256 } of objections.slice(-READ_FILES)) {
    const blob = await readBlob(db, file_sha256)
    if (blob === null || hashBytes(blob.bytes) !== file_sha256) broken.push(objection_id)
  }
  return summarise('files of objections lost or changed', broken)
}
