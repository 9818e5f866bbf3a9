import { connect, createServer, type AddressInfo } from 'node:net'
import { read, utils } from '@e965/xlsx'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { densify } from '../../../collectors/src/demo-region/agents/dense-plan.ts'
import { openFilteredLine, openShapedLine } from '../../../collectors/src/demo-region/agents/shaped-line.ts'
import { modelSpeedTests, type SpeedModel } from '../../../collectors/src/demo-region/history/model-speed.ts'
import { writeInternetFiles } from '../../../collectors/src/demo-region/lines/internet-sheets.ts'
import { planLines, type Line } from '../../../collectors/src/demo-region/lines/plan-lines.ts'
import { generatePlaces } from '../../../collectors/src/demo-region/schools.ts'
import { readWorkingDays } from '../../../server/src/db/reference-files.ts'
import { readSpeedRow } from '../../../server/src/ingest-speed/read-speed-row.ts'

const DAY_MS = 86_400_000
const UNTIL_MS = Date.parse('2026-11-21T08:00:00Z')
const MODEL: SpeedModel = { seed: 1, span: { until_ms: UNTIL_MS, days: 730 }, calendar: readWorkingDays() }
const lines = planLines(generatePlaces(1, 1000), 1)

function find(isWanted: (line: Line) => boolean): Line {
  const line = lines.find(isWanted)
  if (line === undefined) throw new Error('no such line')
  return line
}

describe('planLines', () => {
  it('has schools of four buildings with 100, 100, 8 Мбит/с and no connection, two of them in villages', () => {
    const scenes = Map.groupBy(
      lines.filter(({ key }) => key.includes('-s')),
      ({ inn }) => inn,
    )
    expect(scenes.size).toBe(3)
    for (const buildings of scenes.values()) {
      expect(buildings.map(({ norm_kbps }) => norm_kbps).slice(2)).toEqual([50_000, 50_000])
      expect(buildings.map(({ speed_kbps }) => speed_kbps)).toEqual([112_000, 112_000, 8_000, null])
      expect(buildings.map(({ is_live }) => is_live)).toEqual([true, true, false, false])
    }
  })

  it('has contracts that are not kept, silent lines, filters and a moderate number of running agents', () => {
    const low = lines.filter(({ contract_kbps, speed_kbps }) => (speed_kbps ?? 0) < 0.8 * (contract_kbps ?? 0))
    expect(low.length / lines.length).toBeGreaterThan(0.1)
    expect(low.length / lines.length).toBeLessThan(0.35)
    expect(new Set(lines.map(({ fate }) => fate))).toEqual(new Set(['heard', 'silent', 'filtered', 'none']))
    const live = lines.filter(({ is_live }) => is_live)
    expect(live.some(({ fate }) => fate === 'filtered')).toBe(true)
    expect(live.length).toBeGreaterThan(12)
    expect(live.length).toBeLessThan(40)
  })
})

describe('modelled speeds of a line', () => {
  it('fit the contract, cover two years in the order of time, and have ids of their own', () => {
    const line = find(({ fate, is_live }) => fate === 'heard' && !is_live)
    const tests = modelSpeedTests(7, line, MODEL)
    expect(tests).toEqual(modelSpeedTests(7, line, MODEL))
    expect(tests.map((row, index) => readSpeedRow('tests', row, index)).filter((row) => 'fault' in row)).toEqual([])
    expect(new Set(tests.map(({ id }) => id)).size).toBe(tests.length)
    const times = tests.map(({ started_at }) => Date.parse(started_at))
    expect(times).toEqual([...times].sort((a, b) => a - b))
    expect(times[0]).toBeLessThan(UNTIL_MS - 700 * DAY_MS)
    expect(times.at(-1)).toBeGreaterThan(UNTIL_MS - 5 * DAY_MS)
    expect(tests.length).toBeLessThan(400)
    const months = Map.groupBy(tests, ({ started_at }) => started_at.slice(0, 7))
    expect(months.size).toBeGreaterThanOrEqual(24)
    expect(Math.min(...[...months.values()].map((month) => month.length))).toBeGreaterThanOrEqual(3)
  })

  it('confirm what is below the norm, fall silent, and read a filter as a cause', () => {
    const slow = modelSpeedTests(
      8,
      find(({ key, speed_kbps }) => key.includes('-s') && speed_kbps === 8_000),
      MODEL,
    )
    const planned = slow.filter(({ cause, retest_of }) => cause === null && retest_of === null)
    expect(slow.filter(({ retest_of }) => retest_of !== null)).toHaveLength(planned.length)
    const silent = modelSpeedTests(
      9,
      find(({ fate }) => fate === 'silent'),
      MODEL,
    )
    expect(Date.parse(silent.at(-1)?.started_at ?? '')).toBeLessThan(UNTIL_MS - 7 * DAY_MS)
    const filtered = modelSpeedTests(
      10,
      find(({ fate }) => fate === 'filtered'),
      MODEL,
    )
    expect(filtered.at(-1)).toMatchObject({ cause: 'websocket_blocked', download: null })
    expect(
      modelSpeedTests(
        11,
        find(({ fate }) => fate === 'none'),
        MODEL,
      ),
    ).toEqual([])
  })
})

describe('writeInternetFiles', () => {
  const folder = mkdtempSync(join(tmpdir(), 'edumon-lines-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('writes a workbook a kind, and names the schools whose agents run', async () => {
    const { internet_sheets, live_schools } = await writeInternetFiles(folder, lines)
    expect(internet_sheets.map(({ kind }) => kind)).toEqual([
      'connection_contract',
      'capacity_report',
      'self_reported_speed',
    ])
    const [contracts] = internet_sheets
    const book = read(readFileSync(contracts?.file ?? ''))
    const rows = utils.sheet_to_json<Record<string, unknown>>(book.Sheets[book.SheetNames[0] ?? ''] ?? {})
    expect(rows).toHaveLength(lines.length)
    expect(rows.find((row) => row['Технология'] === 'нет')?.['Скорость по договору, Мбит/с']).toBeUndefined()
    expect(new Set(live_schools).size).toBe(live_schools.length)
  })
})

describe('densify', () => {
  it('gives each agent its turn, three rounds at once and the others at leisure', () => {
    const plan = {
      issued_at: '2026-11-21T08:00:00Z',
      buildings: [{ org_unit_id: 1, name: 'Школа', tests_at: [], low_below_kbps: 50_000 }],
      ping_interval_s: 300,
      retest_after_s: { from: 300, to: 1500 },
      late_limit_s: 900,
    }
    const [building] = densify(plan, { started_ms: UNTIL_MS, place: 1, of: 4 }).buildings
    const starts_s = building?.tests_at.slice(0, 5).map((at) => (Date.parse(at) - UNTIL_MS) / 1000)
    expect(starts_s).toEqual([8, 40, 72, 104, 1304])
  })
})

async function receive(port: number): Promise<{ bytes: number; ms: number; text: string }> {
  const socket = connect({ port, host: '127.0.0.1' })
  socket.write('GET / HTTP/1.1\r\n\r\n')
  const started = performance.now()
  const chunks: Buffer[] = []
  for await (const chunk of socket) chunks.push(chunk as Buffer)
  const all = Buffer.concat(chunks)
  return { bytes: all.length, ms: performance.now() - started, text: all.toString('latin1') }
}

describe('a shaped line', () => {
  it('carries its speed, whatever the server could send', async () => {
    const BYTES = 2_000_000
    const server = createServer((socket) => socket.resume().end(Buffer.alloc(BYTES)))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const line = await openShapedLine({ host: '127.0.0.1', port: (server.address() as AddressInfo).port }, 16_000)
    const { bytes, ms } = await receive(line.port)
    expect(bytes).toBe(BYTES)
    expect((bytes * 8) / ms).toBeGreaterThan(13_000)
    expect((bytes * 8) / ms).toBeLessThan(17_500)
    await line.close()
    await new Promise((resolve) => server.close(resolve))
  })

  it('behind a filter answers with a page of the filter', async () => {
    const line = await openFilteredLine()
    const { text } = await receive(line.port)
    expect(text).toMatch(/^HTTP\/1.1 403 .*text\/html/s)
    await line.close()
  })
})
