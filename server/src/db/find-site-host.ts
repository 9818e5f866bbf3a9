import { CodedError } from '../errors.ts'
import type { ReadExecutor } from './executor.ts'

/** Host of an organisation's site. @throws EDU_TARGET_NOT_FOUND when it has no such site */
export async function findSiteHost(
  db: ReadExecutor,
  { org_unit_id, target_id }: { org_unit_id: number; target_id: string },
): Promise<string> {
  const target = await db
    .selectFrom('target')
    .where('org_unit_id', '=', org_unit_id)
    .where('target_id', '=', target_id)
    .where('kind', '=', 'site')
    .select('host')
    .executeTakeFirst()
  if (target !== undefined) return target.host
  throw new CodedError('EDU_TARGET_NOT_FOUND', 'У организации нет такого сайта', { org_unit_id, target_id })
}
