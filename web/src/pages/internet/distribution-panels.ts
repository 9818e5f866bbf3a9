import type { SpeedDistribution } from '../../api/internet.ts'
import type { SpeedBar, SpeedPanel } from '../../charts/options/speed-distribution.ts'
import type { useFormat } from '../../composables/use-format.ts'

type Row = SpeedDistribution['rows'][number]
interface Words {
  t: (key: string, named?: Record<string, unknown>) => string
  format: Pick<ReturnType<typeof useFormat>, 'number' | 'percent'>
}

export function sumTests(rows: readonly Pick<Row, 'tests'>[]): number {
  return rows.reduce((sum, row) => sum + row.tests, 0)
}

/** The kind of settlement whose tests reach its norm least often; null where there is no norm or no test. */
export function findLowestKind<R extends Pick<Row, 'tests' | 'at_norm'>>(rows: readonly R[]): R | null {
  const share = ({ tests, at_norm }: Pick<Row, 'tests' | 'at_norm'>): number => (at_norm ?? 0) / tests
  const judged = rows.filter((row) => row.at_norm !== null && row.tests > 0)
  return judged.toSorted((left, right) => share(left) - share(right))[0] ?? null
}

/** A panel whose bars can be named in a table. */
interface NamedPanel extends SpeedPanel {
  bars: (SpeedBar & { label: string })[]
  /** The title with the median, for the summary: a narrow picture has no room for it. */
  told: string
}

/** One histogram a kind of settlement, its median and its share at the norm in the title. */
export function listPanels(rows: readonly Row[], { t, format }: Words): NamedPanel[] {
  const mbps = (kbps: number | null): string =>
    format.number(kbps === null ? null : kbps / 1000, kbps !== null && kbps < 10_000 ? 1 : 0)
  return rows.map((row) => {
    const kind = t(`internet.settlement.${row.settlement_kind}`)
    const title =
      row.at_norm === null
        ? t('internet.distribution.panel_no_norm', { kind })
        : t('internet.distribution.panel', { kind, share: format.percent(row.at_norm / row.tests) })
    return {
      title,
      told: t('internet.distribution.panel_median', { panel: title, median: mbps(row.median_kbps) }),
      norm_mbps: row.norm_kbps === null ? null : row.norm_kbps / 1000,
      norm_label: t('internet.distribution.norm', { norm: mbps(row.norm_kbps) }),
      bars: row.bars.map((bar) => {
        const label = t('internet.distribution.bar', { kind, from: mbps(bar.from_kbps), to: mbps(bar.to_kbps) })
        const spoken = `${label}: ${format.number(bar.tests)}`
        return { label, spoken, from_mbps: bar.from_kbps / 1000, to_mbps: bar.to_kbps / 1000, tests: bar.tests }
      }),
    }
  })
}
