/** One figure of a bench; `peer` names what it is compared with in the same run. */
export interface Metric {
  name: string
  value: number
  unit: string
  aim?: string
  ok?: boolean
  peer?: string
  peer_value?: number
}

function formatValue(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3)
}

function describeMetric(metric: Metric): Record<string, string> {
  return {
    figure: metric.name,
    value: `${formatValue(metric.value)} ${metric.unit}`,
    peer:
      metric.peer_value === undefined ? '' : `${metric.peer ?? ''}: ${formatValue(metric.peer_value)} ${metric.unit}`,
    aim: metric.aim ?? '',
    met: metric.ok === undefined ? '' : metric.ok ? 'yes' : 'NO',
  }
}

/** Prints a table for people and, last, one line of JSON for programs. */
export function printReport(bench: string, metrics: Metric[], notes: string[] = []): void {
  console.table(metrics.map(describeMetric))
  for (const note of notes) console.log(note)
  console.log(JSON.stringify({ bench, metrics }))
}
