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
}

export function readChartTokens(): ChartTokens {
  const style = getComputedStyle(document.documentElement)
  const read = (name: keyof ChartTokens): string => style.getPropertyValue(NAMES[name]).trim()
  return {
    fact: read('fact'),
    context: read('context'),
    band: read('band'),
    target: read('target'),
    grid: read('grid'),
    ink: read('ink'),
    ink_2: read('ink_2'),
    ink_3: read('ink_3'),
    surface: read('surface'),
    page: read('page'),
    font: read('font'),
  }
}
