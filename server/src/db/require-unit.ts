import { sql } from 'kysely'
import { CodedError } from '../errors.ts'
import { isAskable, isCovered, isVisible, type AccessScope } from './access-scope.ts'
import type { ReadExecutor } from './executor.ts'

type UnitTest = (scope: AccessScope, column: ReturnType<typeof sql>) => ReturnType<typeof isVisible>

async function isUnit(
  db: ReadExecutor,
  org_unit_id: number,
  isInScope: UnitTest,
  scope: AccessScope,
): Promise<boolean> {
  const unit = await db
    .selectFrom('org_unit')
    .where('org_unit_id', '=', org_unit_id)
    .where(isInScope(scope, sql`org_unit.org_unit_id`))
    .select('org_unit_id')
    .executeTakeFirst()
  return unit !== undefined
}

async function requireUnit(
  db: ReadExecutor,
  org_unit_id: number,
  isInScope: UnitTest,
  scope: AccessScope,
): Promise<void> {
  if (await isUnit(db, org_unit_id, isInScope, scope)) return
  throw new CodedError('EDU_ORG_UNIT_NOT_FOUND', 'Такой организации нет', { org_unit_id })
}

/** @throws EDU_ORG_UNIT_NOT_FOUND when there is no such unit, or none that this scope may see anything of */
export function requireVisibleUnit(db: ReadExecutor, scope: AccessScope, org_unit_id: number): Promise<void> {
  return requireUnit(db, org_unit_id, isVisible, scope)
}

/** @throws EDU_ORG_UNIT_NOT_FOUND when there is no such unit, or none that this scope answers for */
export function requireCoveredUnit(db: ReadExecutor, scope: AccessScope, org_unit_id: number): Promise<void> {
  return requireUnit(db, org_unit_id, isCovered, scope)
}

/** @throws EDU_ORG_UNIT_NOT_FOUND when there is no such unit, or none that this scope may ask figures of */
export function requireAskableUnit(db: ReadExecutor, scope: AccessScope, org_unit_id: number): Promise<void> {
  return requireUnit(db, org_unit_id, isAskable, scope)
}

/** Whether there is such a unit and this scope answers for it. */
export function isCoveredUnit(db: ReadExecutor, scope: AccessScope, org_unit_id: number): Promise<boolean> {
  return isUnit(db, org_unit_id, isCovered, scope)
}
