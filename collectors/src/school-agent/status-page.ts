import type { AgentStatus } from './agent-status.ts'
import { CAUSE_TEXTS } from './cause-texts.ts'
import { FAULTS } from './faults.ts'

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escape = (text: string): string => text.replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign)

const moments = new Intl.DateTimeFormat('ru-RU', { dateStyle: 'medium', timeStyle: 'short' })
const speeds = new Intl.NumberFormat('ru-RU', { maximumFractionDigits: 1 })

const momentOf = (instant: string | null, otherwise: string): string =>
  instant === null ? otherwise : moments.format(new Date(instant))

/** 93 500 kbps reads «93,5 Мбит/с». */
export const formatSpeed = (kbps: number): string => `${speeds.format(kbps / 1000)} Мбит/с`

function resultOf({ is_testing, last_result }: AgentStatus): string {
  if (is_testing) return 'идёт измерение'
  if (last_result === null) return 'измерений ещё не было'
  const { cause, download, started_at, upload } = last_result
  const when = momentOf(started_at, '')
  if (cause !== null) return `${when}: не смогли измерить: ${CAUSE_TEXTS[cause]}`
  const parts = [
    download === null ? null : `приём ${formatSpeed(download.kbps)}`,
    upload === null ? null : `передача ${formatSpeed(upload.kbps)}`,
  ]
  return `${when}: ${parts.filter((part) => part !== null).join(', ')}`
}

function rowsOf(status: AgentStatus): [string, string][] {
  return [
    ['Здание', status.building ?? 'не определено'],
    ['Последний результат', resultOf(status)],
    ['Следующее измерение', momentOf(status.next_test_at, 'не запланировано')],
    ['Отправлено на сервер', momentOf(status.last_sent_at, 'ещё не отправлялось')],
    ['Ждут отправки', String(status.waiting)],
    ['Не приняты сервером', String(status.set_aside)],
    ['Удалены из-за переполнения или давности', String(status.dropped)],
    ['План получен', momentOf(status.plan_issued_at, 'ещё не получен')],
    ['Версия', status.agent_version],
  ]
}

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:44rem;margin:2rem auto;padding:0 1rem;color:#1d2733;background:#fff}
h1{font-size:1.4rem}table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.5rem .75rem .5rem 0;border-bottom:1px solid #d5dbe1}
th{font-weight:500;width:40%}.fault{border-left:4px solid #b3261e;padding:.25rem 1rem;margin:1rem 0}.well{border-left:4px solid #1b6e3c;padding:.25rem 1rem;margin:1rem 0}
@media (prefers-color-scheme:dark){body{color:#e6eaee;background:#14191f}th,td{border-color:#39434e}}`

/** The page as a whole; it brings all that it needs and looks again every half minute. */
export function renderStatusPage(status: AgentStatus): string {
  const faults = status.faults.map((fault) => `<p class="fault" role="alert">${escape(FAULTS[fault])}</p>`).join('')
  const rows = rowsOf(status)
    .map(([name, value]) => `<tr><th scope="row">${escape(name)}</th><td>${escape(value)}</td></tr>`)
    .join('')
  return `<!doctype html><html lang="ru"><head><meta charset="utf-8"><title>Измерение Интернета</title>
<meta name="viewport" content="width=device-width"><meta http-equiv="refresh" content="30"><style>${STYLE}</style></head>
<body><h1>Измерение Интернета в школе</h1>${faults === '' ? '<p class="well">Работает, замечаний нет.</p>' : faults}
<table>${rows}</table></body></html>`
}
