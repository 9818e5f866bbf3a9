import type { ChartTokens } from '../../../web/src/charts/chart-tokens.ts'

/** Tokens as plain colours, as a page in the light theme reads them. */
export const tokens: ChartTokens = {
  fact: '#24479b',
  context: '#858e9a',
  band: '#dfe3ea',
  target: '#1a1d21',
  grid: '#e6e8eb',
  ink: '#1a1d21',
  ink_2: '#454b54',
  ink_3: '#5f6670',
  surface: '#ffffff',
  page: '#f4f5f6',
  font: 'Golos Text',
  ink_invert: '#ffffff',
  seq_1: '#edf1f8',
  seq_2: '#c9d5ec',
  seq_3: '#93abd8',
  seq_4: '#5071b4',
  seq_5: '#24479b',
}
