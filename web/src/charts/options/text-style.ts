import type { ChartTokens } from '../chart-tokens.ts'

/** Type of what is written in a chart. */
export function textStyle(tokens: ChartTokens) {
  return { color: tokens.ink_2, fontFamily: tokens.font, fontSize: 12, fontWeight: 'normal' as const }
}

/** The frame of a tooltip; its text comes from the chart. */
export function tooltipStyle(tokens: ChartTokens) {
  return {
    renderMode: 'richText' as const,
    confine: true,
    backgroundColor: tokens.surface,
    borderColor: tokens.grid,
    textStyle: { color: tokens.ink, fontFamily: tokens.font, fontSize: 13, fontWeight: 'normal' as const },
  }
}
