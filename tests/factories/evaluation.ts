import type { Kysely } from 'kysely'
import { EVERYTHING } from '../../server/src/db/access-scope.ts'
import type { DB } from '../../server/src/db/schema.gen.ts'
import { evaluate } from '../../server/src/indicators/evaluate.ts'
import {
  findStandpoint,
  placeIndicator,
  type EvaluationRequest,
  type PlacedIndicator,
} from '../../server/src/indicators/evaluation-context.ts'
import type { Indicator } from '../../server/src/indicators/indicator.ts'

type Asked = Omit<EvaluationRequest, 'scope' | 'time_zone'>

export async function place(db: Kysely<DB>, indicator: Indicator, asked: Asked): Promise<PlacedIndicator> {
  const request = { scope: EVERYTHING, time_zone: 'Europe/Saratov', ...asked }
  return placeIndicator(indicator, await findStandpoint(db, request))
}

/** Evaluates an indicator as a page would, in the region's zone. */
export async function evaluateAt(db: Kysely<DB>, indicator: Indicator, asked: Asked) {
  return evaluate(db, indicator, (await place(db, indicator, asked)).context)
}
