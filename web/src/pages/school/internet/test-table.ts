import type { SpeedTestRow } from '../../../api/internet.ts'
import type { StatusTone } from '../../../components/status.ts'
import type { TableColumn } from '../../../components/table-columns.ts'
import type { useFormat } from '../../../composables/use-format.ts'
import { toMbps } from '../../internet/building-rows.ts'

interface Words {
  t: (key: string, named?: Record<string, unknown>) => string
  format: Pick<ReturnType<typeof useFormat>, 'number' | 'instant' | 'percent' | 'bytes'>
  nameOf: (org_unit_id: number) => string
}
type Validity = SpeedTestRow['validity']

const US_PER_MS = 1000
/** In the order in which a person asks: what counts first. */
export const VALIDITIES: readonly Validity[] = [
  'valid',
  'lower_bound',
  'failed',
  'unconfirmed',
  'sides_differ',
  'excused',
  'off_hours',
  'own_traffic',
  'weak_wifi',
]

/** A test that came to no result is no low speed: only a valid one is marked as good, none as bad. */
export function validityTone(validity: Validity): StatusTone {
  if (validity === 'valid') return 'ok'
  return validity === 'failed' ? 'warn' : 'unknown'
}

/** What a test says of itself: its validity, and why it came to no result. */
function tellValidity({ validity, cause }: Pick<SpeedTestRow, 'validity' | 'cause'>, t: Words['t']): string {
  const said = t(`words.speed_validity.${validity}`)
  return validity === 'failed' && cause !== null ? `${said}: ${t(`words.speed_cause.${cause}`)}` : said
}

function tellConnection(row: SpeedTestRow, { t, format }: Pick<Words, 't' | 'format'>): string {
  const signal = row.wifi_signal_percent
  return [
    t(`words.medium.${row.medium}`),
    signal === null ? null : t('internet.school.tests.fact.signal', { percent: format.percent(signal / 100) }),
  ]
    .filter((text) => text !== null)
    .join(', ')
}

export function listTestColumns({ t, format, nameOf }: Words): TableColumn<SpeedTestRow>[] {
  const label = (key: string): string => t(`internet.school.tests.column.${key}`)
  const speed = (key: string, read: (row: SpeedTestRow) => number | null, priority: 1 | 2) => ({
    ...{ key, label: label(key), align: 'end' as const, width_px: 80, priority },
    text: (row: SpeedTestRow) => format.number(read(row), 1),
    sort: read,
  })
  return [
    {
      key: 'when',
      label: label('when'),
      text: (row) => format.instant(row.tested_at),
      sort: (row) => row.tested_at,
      firstDirection: 'descending',
      width_px: 210,
      isRowHead: true,
    },
    {
      key: 'building',
      label: label('building'),
      text: (row) => nameOf(row.org_unit_id),
      sort: (row) => nameOf(row.org_unit_id),
      width_px: 170,
      priority: 2,
    },
    { key: 'validity', label: label('validity'), text: (row) => tellValidity(row, t), width_px: 220 },
    speed('down', (row) => toMbps(row.download_kbps), 1),
    speed('up', (row) => toMbps(row.upload_kbps), 2),
    {
      key: 'rtt',
      label: label('rtt'),
      text: (row) => format.number(row.min_rtt_us === null ? null : row.min_rtt_us / US_PER_MS, 1),
      sort: (row) => row.min_rtt_us,
      align: 'end',
      width_px: 90,
      priority: 3,
    },
    {
      key: 'context',
      label: label('context'),
      text: (row) => tellConnection(row, { t, format }),
      width_px: 130,
      priority: 3,
    },
  ]
}

/** Everything that is known of a test's surroundings, and why it counts or not. */
export function listTestFacts(row: SpeedTestRow, { t, format }: Pick<Words, 't' | 'format'>) {
  const label = (key: string): string => t(`internet.school.tests.fact.${key}`)
  const unknown = label('unknown')
  const speed = (kbps: number | null): string => format.number(toMbps(kbps), 1)
  const hasServer = row.server_download_kbps !== null || row.server_upload_kbps !== null
  const own =
    row.own_received_bytes === null || row.own_sent_bytes === null
      ? unknown
      : t('internet.school.tests.fact.own_text', {
          received: format.bytes(row.own_received_bytes),
          sent: format.bytes(row.own_sent_bytes),
        })
  const proxy = row.through_proxy === null ? unknown : label(row.through_proxy ? 'proxy_yes' : 'proxy_no')
  return [
    { label: label('medium'), text: tellConnection(row, { t, format }) },
    { label: label('link'), text: row.link_kbps === null ? unknown : speed(row.link_kbps) },
    { label: label('own'), text: own },
    { label: label('power'), text: t(`words.power.${row.power}`) },
    { label: label('family'), text: row.address_family === null ? unknown : row.address_family.replace('ip', 'IP') },
    { label: label('proxy'), text: proxy },
    {
      label: label('server'),
      text: hasServer
        ? t('lineage.speeds', { down: speed(row.server_download_kbps), up: speed(row.server_upload_kbps) })
        : label('server_none'),
    },
    { label: label('agent'), text: `${t(`words.speed_method.${row.method}`)} ${row.agent_version}` },
  ]
}
