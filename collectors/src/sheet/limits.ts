/** Bounds on what one uploaded file may cost; beyond them it is refused with its place. */
export const FILE_MAX_BYTES = 64 * 1024 * 1024
export const ROWS_MAX = 100_000
export const CELLS_MAX = 3_000_000
/** Of one row, so that it fits into one request. */
export const ROW_CHARACTERS_MAX = 2_000_000
/** Of all cells: a workbook may name one long text in a million cells. */
export const FILE_CHARACTERS_MAX = 64 * 1024 * 1024
export const UNPACKED_MAX_BYTES = 512 * 1024 * 1024
export const PARSE_TIME_LIMIT_MS = 120_000
export const PARSE_MEMORY_MB = 768
