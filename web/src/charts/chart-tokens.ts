/** The tokens that charts draw with, as plain colours read from the page after its theme is set. */
export interface ChartTokens {
  fact: string
  context: string
  band: string
  target: string
  grid: string
  ink: string
  ink_2: string
  ink_3: string
  surface: string
  page: string
  font: string
  ink_invert: string
  /** Shades of one scale, the lowest first; on the last two stands inverted ink. */
  seq_1: string
  seq_2: string
  seq_3: string
  seq_4: string
  seq_5: string
}

const NAMES: Record<keyof ChartTokens, string> = {
  fact: '--chart-fact',
  context: '--chart-context',
  band: '--chart-band',
  target: '--chart-target',
  grid: '--chart-grid',
  ink: '--ink',
  ink_2: '--ink-2',
  ink_3: '--ink-3',
  surface: '--surface',
  page: '--page',
  font: '--font',
  ink_invert: '--ink-invert',
  seq_1: '--seq-1',
  seq_2: '--seq-2',
  seq_3: '--seq-3',
  seq_4: '--seq-4',
  seq_5: '--seq-5',
}

export function readChartTokens(): ChartTokens {
  const style = getComputedStyle(document.documentElement)
  const read = (name: keyof ChartTokens): string => style.getPropertyValue(NAMES[name]).trim()
  const entries = Object.keys(NAMES).map((name) => [name, read(name as keyof ChartTokens)])
  return Object.fromEntries(entries) as ChartTokens
}
