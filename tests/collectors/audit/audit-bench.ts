import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { resolve } from 'node:path'
import type {
  OrgKind,
  SiteFinding,
  SubsectionJudgement,
  SvedenSubsection,
  WorkingDayCalendar,
} from '@edumon/server/contract'
import { createGuardedNet, DEFAULT_LIMITS } from '../../../collectors/src/net/guarded-net.ts'
import { createContentPool } from '../../../collectors/src/website/audit/content-pool.ts'
import type { AuditParts } from '../../../collectors/src/website/audit/index.ts'
import { judgeSection } from '../../../collectors/src/website/audit/judge.ts'
import { readContent } from '../../../collectors/src/website/audit/read-content.ts'
import { loadWebsiteRules, selectRules } from '../../../collectors/src/website/audit/rules.ts'
import { createPageReader, DEFAULT_READER } from '../../../collectors/src/website/page/page-reader.ts'

export const RULES = loadWebsiteRules()
export const CALENDAR = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../../sql/reference/working-days.json'), 'utf8'),
) as WorkingDayCalendar

/** Judges one page as the given subsection on a day; other pages of the site may be given beside it. */
export function judgePage(
  subsection: SvedenSubsection,
  html: string,
  today: string,
  options: { org_kind?: OrgKind; others?: Partial<Record<SvedenSubsection, string>> } = {},
): SubsectionJudgement {
  const rules = selectRules(RULES, today, options.org_kind ?? 'school')
  const found = Object.entries({ ...options.others, [subsection]: html }).map(([name, text]) => ({
    subsection: name as SvedenSubsection,
    found_by: 'sveden' as const,
    url: `https://school.example/sveden/${name}`,
    pages: [readContent(text, new URL(`https://school.example/sveden/${name}`))],
    unread: null,
  }))
  const judged = judgeSection(found, rules, { today, calendar: CALENDAR }).find((row) => row.subsection === subsection)
  if (judged === undefined) throw new Error(`no rules for ${subsection}`)
  return judged
}

export const findingsOf = (judged: SubsectionJudgement, rule: string): SiteFinding[] =>
  judged.findings.filter((finding) => finding.rule === rule)

export const violationsOf = (judged: readonly SubsectionJudgement[]): string[] =>
  judged
    .flatMap((row) => row.findings)
    .filter((finding) => finding.grade === 'violation')
    .map((finding) => finding.rule)

export interface TestSite {
  url: string
  requests: string[]
  close: () => Promise<void>
}

/** A real server on loopback: `pages` by path; anything else is 404. */
export async function openSite(pages: Record<string, string>, headers: Record<string, string> = {}): Promise<TestSite> {
  const requests: string[] = []
  const server: Server = createServer((request, response) => {
    const path = decodeURI(request.url ?? '/')
    requests.push(path)
    const body = pages[path]
    if (body === undefined) response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>404</h1>')
    else {
      const type = path.endsWith('.txt') ? 'text/plain' : 'text/html; charset=utf-8'
      response.writeHead(200, { 'content-type': type, ...headers }).end(body)
    }
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    requests,
    close: () => new Promise((done) => server.close(() => done())),
  }
}

/** The collector's real parts with loopback opened. Names in `hosts` lead to loopback. */
export function openParts(hosts: Record<string, string> = {}): AuditParts & { close: () => Promise<void> } {
  const pages = createPageReader({ ...DEFAULT_READER, workers: 1 })
  const contents = createContentPool()
  const net = createGuardedNet({
    allowed_addresses: ['127.0.0.0/8'],
    hosts: new Map(Object.entries(hosts).map(([name, address]) => [name, [address]])),
    dns_servers: [],
    extra_ca_pem: [],
    root_ca_pem: [],
    user_agent: 'Edumon/test (tests)',
    limits: DEFAULT_LIMITS,
    host_delay_ms: 0,
    concurrency: 4,
  })
  return {
    net,
    pages,
    contents,
    time_zone: 'Europe/Saratov',
    close: async () => {
      await Promise.all([pages.close(), contents.close()])
    },
  }
}
