import type { RuleMatrix, RuleMatrixRow } from '../api/schemas.ts'

/** The subsections that any organisation is judged by now; one that was abolished stands in no row and gets no column. */
export function listUsedSubsections(matrix: RuleMatrix): { code: string; title: string; index: number }[] {
  return matrix.subsections.flatMap((subsection, index) =>
    matrix.rows.some((row) => (row.cells[index] ?? null) !== null) ? [{ ...subsection, index }] : [],
  )
}

/** How many subsections are there; null when the site was not audited, which is not zero. */
export function countPresent(row: Pick<RuleMatrixRow, 'cells'>): number | null {
  const judged = row.cells.filter((cell) => cell !== null)
  return judged.length === 0 ? null : judged.filter((cell) => cell.presence === 'present').length
}
