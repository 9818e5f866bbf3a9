/** One sample of a metric. */
export interface Sample {
  name: string
  labels: Record<string, string>
  value: number
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*'
const SAMPLE = new RegExp(
  `^(${NAME})(?:\\{(.*)\\})? (-?(?:\\d+(?:\\.\\d+)?(?:e[+-]?\\d+)?|Inf)|\\+Inf|NaN)(?: -?\\d+)?$`,
  'i',
)
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/y
const TYPES = new Set(['counter', 'gauge', 'histogram', 'summary', 'untyped'])
const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['', '_sum', '_count'],
}

function parseLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {}
  LABEL.lastIndex = 0
  while (LABEL.lastIndex < text.length) {
    const at = LABEL.lastIndex
    const [, name, value] = LABEL.exec(text) ?? []
    if (name === undefined || value === undefined) throw new SyntaxError(`labels at ${at}: ${text}`)
    if (Object.hasOwn(labels, name)) throw new SyntaxError(`label ${name} twice: ${text}`)
    labels[name] = value
  }
  return labels
}

/**
 * Reads Prometheus' text format 0.0.4 as strictly as it is written down: each metric is one group with a help and a
 * type before its samples, no sample comes twice, histograms are cumulative and end in +Inf.
 * @throws SyntaxError that names the line
 */
export function parseExposition(text: string): Sample[] {
  if (!text.endsWith('\n')) throw new SyntaxError('the last line does not end')
  const samples: Sample[] = []
  const types = new Map<string, string>()
  const seen = new Set<string>()
  let family = ''
  for (const line of text.slice(0, -1).split('\n')) {
    const [, kind, name = '', rest = ''] = new RegExp(`^# (HELP|TYPE) (${NAME}) ?(.*)$`).exec(line) ?? []
    if (kind === 'HELP') {
      if (types.has(name)) throw new SyntaxError(`a second group: ${line}`)
      family = name
    } else if (kind === 'TYPE') {
      if (name !== family || types.has(name) || !TYPES.has(rest)) throw new SyntaxError(line)
      types.set(name, rest)
    } else if (line !== '') {
      const [, sampleName, labels = '', value] = SAMPLE.exec(line) ?? []
      const suffixes = SUFFIXES[types.get(family) ?? ''] ?? ['']
      if (sampleName === undefined || !suffixes.some((suffix) => sampleName === family + suffix))
        throw new SyntaxError(line)
      const sample = {
        name: sampleName,
        labels: parseLabels(labels),
        value: Number(value?.replace(/Inf/i, 'Infinity')),
      }
      const key = `${sampleName} ${JSON.stringify(Object.entries(sample.labels).sort())}`
      if (seen.has(key)) throw new SyntaxError(`a sample twice: ${line}`)
      seen.add(key)
      samples.push(sample)
    }
  }
  return samples
}
