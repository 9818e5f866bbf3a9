import type { RowReader } from '../row-reader.ts'

/** No line of a school is faster: above it somebody wrote Кбит/с. */
const MBIT_MAX = 100_000

/** A speed that a sheet gives in Мбит/с, as whole kbps; null when it is not given, or wrong, which leaves an issue. */
export function readMbit<Field extends string>(reader: RowReader<Field>, field: Field): number | null {
  const mbit = reader.number(field, 0.001, MBIT_MAX)
  return mbit === null ? null : Math.round(mbit * 1000)
}
