import { sql, type RawBuilder } from 'kysely'
import { FRESHNESS, MARKUP, PRESENCE, SVEDEN_SUBSECTIONS } from '../contract/index.ts'
import { CELL_STEPS } from '../domain/section-cells.ts'

/** The closed list of subsections as rows `list (subsection, place)`, places from 1. */
export const SUBSECTION_LIST = sql`unnest(${sql.lit(`{${SVEDEN_SUBSECTIONS.join(',')}}`)}::text[]) WITH ORDINALITY list (subsection, place)`

function placeIn(list: readonly string[], column: string): RawBuilder<number | null> {
  return sql`array_position(${sql.lit(`{${list.join(',')}}`)}::text[], ${sql.ref(column)})`
}

/** Number of a collector's judgement by its columns of site_subsection under an alias; null where there is no row. */
export function cellNumber(alias: string): RawBuilder<number | null> {
  return sql`((${placeIn(PRESENCE, `${alias}.presence`)} - 1) * ${sql.lit(CELL_STEPS.presence)}
    + coalesce(${placeIn(MARKUP, `${alias}.markup`)}, 0) * ${sql.lit(CELL_STEPS.markup)}
    + coalesce(${placeIn(FRESHNESS, `${alias}.freshness`)}, 0))::smallint`
}
