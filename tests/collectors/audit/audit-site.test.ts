import { gunzipSync } from 'node:zlib'
import Value from 'typebox/value'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { SiteAudit, SiteFinding, SubsectionJudgement } from '@edumon/server/contract'
import type { PageEvidence, SvedenSubsection } from '@edumon/server/contract'
import { auditSite, collectSiteAudit } from '../../../collectors/src/website/audit/index.ts'
import { openParts, openSite, RULES, violationsOf } from './audit-bench.ts'
import type { TestSite } from './audit-bench.ts'
import { MENU, PLAIN_PAGES, wrapPage } from './school-pages.ts'

const now = new Date('2026-11-21T09:00:00Z')
const options = { org_kind: 'school', now } as const
const names = Object.keys(MENU) as (keyof typeof MENU)[]
const parts = openParts({ 'sosh.r64.gosweb.gosuslugi.ru': '127.0.0.1' })
const sites: TestSite[] = []
afterAll(() => parts.close())
afterEach(async () => {
  for (const site of sites.splice(0)) await site.close()
})

async function open(pages: Record<string, string>, headers?: Record<string, string>): Promise<TestSite> {
  const site = await openSite(pages, headers)
  sites.push(site)
  return site
}

const link = (href: string, text: string) => `<li><a href="${href}">${text}</a></li>`
const HOME_TEXT =
  '<h1>Школа с. Берёзовка</h1><p>Добро пожаловать на сайт нашей школы. Новости, события, достижения.</p>'

/** A school's site: home, section and its pages at the addresses that `address` gives. */
function buildSite(
  address: (name: keyof typeof MENU) => string,
  section: string,
  content: Partial<Record<keyof typeof MENU, string>> = PLAIN_PAGES,
  leave_out: readonly SvedenSubsection[] = [],
): Record<string, string> {
  const shown = names.filter((name) => !leave_out.includes(name))
  const menu = shown.map((name) => link(address(name), MENU[name])).join('')
  const top =
    link('/', 'Главная') + link(section, 'Сведения об образовательной организации') + link('/news', 'Новости школы')
  const pages = Object.fromEntries(
    shown.map((name) => [address(name), wrapPage(MENU[name], content[name] ?? '', top + menu)]),
  )
  return {
    '/': wrapPage('Школа', HOME_TEXT, top),
    [section]: wrapPage('Сведения об образовательной организации', `<ul>${menu}</ul>`, top),
    ...pages,
  }
}

const find = (audit: { subsections: SubsectionJudgement[] }, name: SvedenSubsection) =>
  audit.subsections.find((row) => row.subsection === name)

/** Every owed item marked up from the rule data, as the recommendations' examples do. */
function markUp(name: keyof typeof MENU): string {
  const items = RULES.subsections.find((row) => row.subsection === name)?.items ?? []
  const mains = items.filter((item) => item.parent === null && item.itemprop !== null && item.itemprop !== 'copy')
  return mains
    .map((main) => {
      const parts_of = items.filter((item) => item.parent === main.itemprop)
      const inner = parts_of.map((item) => `<p itemprop="${item.itemprop ?? ''}">Сведения школы, 2026</p>`).join('')
      return `<div itemprop="${main.itemprop ?? ''}">${inner === '' ? 'Сведения школы, 2026' : inner}</div>`
    })
    .join('\n')
}

describe('auditSite', () => {
  it('own site: finds /sveden/* from the menu and counts full markup', async () => {
    const content = Object.fromEntries(names.map((name) => [name, markUp(name)]))
    const site = await open(buildSite((name) => `/sveden/${name}`, '/sveden/', content))
    const audit = await auditSite(site.url, parts, options)
    expect(audit).toMatchObject({ outcome: 'audited', cause: null, platform: 'own', rule_set: '2026-03-01' })
    expect(audit.section_url).toBe(`${site.url}sveden/`)
    expect(audit.subsections.map((row) => [row.subsection, row.presence, row.markup, row.found_by])).toEqual(
      names.map((name) => [name, 'present', 'current', 'sveden']),
    )
    expect(find(audit, 'managers')).toMatchObject({ items_present: 10, items_expected: 10, items_marked: 10 })
    expect(violationsOf(audit.subsections)).toEqual([])
  })

  it('Госвеб without itemprop, all information there: found by its addresses, no violation', async () => {
    const base = '/svedeniya-ob-obrazovatelnoy-organizatsii'
    const last = (name: SvedenSubsection) =>
      RULES.subsections.find((row) => row.subsection === name)?.gosweb_paths[0] ?? name
    const site = await open(buildSite((name) => `${base}/${last(name)}/`, `${base}/`))
    const url = site.url.replace('127.0.0.1', 'sosh.r64.gosweb.gosuslugi.ru')
    const audit = await auditSite(url, parts, options)
    expect(audit).toMatchObject({ outcome: 'audited', platform: 'gosweb' })
    expect(audit.subsections.every((row) => row.presence === 'present' && row.markup === 'none')).toBe(true)
    expect(new Set(audit.subsections.map((row) => row.found_by))).toEqual(new Set(['gosweb']))
    expect(violationsOf(audit.subsections)).toEqual([])
    expect(find(audit, 'vacant')).toMatchObject({ freshness: 'dated', dated_on: '2026-08-03' })
  })

  it('uCoz: follows the menu’s Russian words to /index/ addresses', async () => {
    const site = await open(
      Object.fromEntries(
        Object.entries(buildSite((name) => `/index/${name}/0-${names.indexOf(name) + 10}`, '/index/svedenija/0-2')).map(
          ([path, html]) => [
            path,
            html
              .replace('<head>', '<head><meta name="generator" content="uCoz">')
              .replace('Сведения об образовательной организации', 'СВЕДЕНИЯ ОБ ОБРАЗОВАТЕЛЬНОЙ ОРГАНИЗАЦИИ'),
          ],
        ),
      ),
    )
    const audit = await auditSite(site.url, parts, options)
    expect(audit).toMatchObject({ outcome: 'audited', platform: 'ucoz', section_url: `${site.url}index/svedenija/0-2` })
    expect(audit.subsections.map((row) => row.found_by)).toEqual(names.map(() => 'menu'))
    expect(audit.subsections.map((row) => row.url)).toEqual(
      names.map((name, at) => `${site.url}index/${name}/0-${at + 10}`),
    )
    expect(violationsOf(audit.subsections)).toEqual([])
  })

  it('finds a section that no menu leads to by its official addresses', async () => {
    const pages = buildSite((name) => `/sveden/${name}`, '/sveden/')
    const site = await open({ ...pages, '/': `<title>Школа</title>${HOME_TEXT}<a href="/news">Новости</a>` })
    const audit = await auditSite(site.url, parts, options)
    expect(audit.subsections.every((row) => row.presence === 'present')).toBe(true)
  })

  it('tells a missing subsection from an empty one', async () => {
    const content = { ...PLAIN_PAGES, paid_edu: '' }
    const site = await open(buildSite((name) => `/sveden/${name}`, '/sveden/', content, ['catering']))
    const audit = await auditSite(site.url, parts, options)
    expect(find(audit, 'catering')).toMatchObject({ presence: 'absent', markup: null, url: null })
    expect(find(audit, 'paid_edu')).toMatchObject({ presence: 'empty', url: `${site.url}sveden/paid_edu` })
    expect(violationsOf(audit.subsections)).toEqual(['paid_edu', 'catering'])
  })

  it('a page that answers with an error is not confirmed, never absent', async () => {
    const site = await open(
      buildSite((name) => (name === 'budget' ? 'https://other.example/budget' : `/sveden/${name}`), '/sveden/'),
    )
    const audit = await auditSite(site.url, parts, options)
    expect(find(audit, 'budget')).toMatchObject({ presence: 'not_confirmed', findings: [{ grade: 'warning' }] })
    expect(find(audit, 'budget')?.findings[0]?.seen).toContain('на другом сайте')
  })

  it('no section at all: every subsection is absent', async () => {
    const site = await open({ '/': wrapPage('Школа', HOME_TEXT, link('/news', 'Новости школы')) })
    const audit = await auditSite(site.url, parts, options)
    expect(audit).toMatchObject({ outcome: 'audited', section_url: null })
    expect(audit.subsections.map((row) => row.presence)).toEqual(names.map(() => 'absent'))
  })

  it('one long page with headings is a section too', async () => {
    const all = names
      .map((name) => `<h2>${MENU[name]}</h2>${PLAIN_PAGES[name].replace(/<(\/?)h2>/g, '<$1h3>')}`)
      .join('')
    const top = link('/', 'Главная') + link('/info', 'Сведения об образовательной организации')
    const site = await open({
      '/': wrapPage('Школа', HOME_TEXT, top),
      '/info': wrapPage('Сведения об образовательной организации', all, top),
    })
    const audit = await auditSite(site.url, parts, options)
    expect(audit.subsections.map((row) => row.presence)).toEqual(names.map(() => 'present'))
  })

  it('adds the marks of pages that addRef names', async () => {
    const pages = buildSite((name) => `/sveden/${name}`, '/sveden/')
    const extra = {
      '/sveden/managers': wrapPage(
        'Руководство',
        '<p>Сведения о руководстве школы</p><a itemprop="addRef" href="/sveden/zam">Заместители</a>',
        '',
      ),
      '/sveden/zam': wrapPage('Заместители', markUp('managers'), ''),
    }
    const site = await open({ ...pages, ...extra })
    const audit = await auditSite(site.url, parts, options)
    expect(find(audit, 'managers')).toMatchObject({ items_marked: 10 })
  })
})

describe('politeness and evidence', () => {
  it('a refusal in robots.txt makes the audit not allowed, and nothing else is asked for', async () => {
    const site = await open({
      ...buildSite((name) => `/sveden/${name}`, '/sveden/'),
      '/robots.txt': 'User-agent: *\nDisallow: /',
    })
    const audit = await auditSite(site.url, parts, options)
    expect(audit).toMatchObject({ outcome: 'not_allowed', cause: null, subsections: [], pages: [] })
    expect(site.requests).toEqual(['/robots.txt'])
  })

  it('a refusal of the section alone is not allowed too, and none of its pages is asked for', async () => {
    const site = await open({
      ...buildSite((name) => `/sveden/${name}`, '/sveden/'),
      '/robots.txt': 'User-agent: Edumon\nDisallow: /sveden',
    })
    const audit = await auditSite(site.url, parts, options)
    expect(audit.outcome).toBe('not_allowed')
    expect(site.requests.filter((path) => path.startsWith('/sveden'))).toEqual([])
  })

  it('a refusal of others is none of ours', async () => {
    const site = await open({
      ...buildSite((name) => `/sveden/${name}`, '/sveden/'),
      '/robots.txt': 'User-agent: BadBot\nDisallow: /',
    })
    expect((await auditSite(site.url, parts, options)).outcome).toBe('audited')
  })

  it('asks for no address twice and keeps within the cap on pages', async () => {
    const site = await open(buildSite((name) => `/sveden/${name}`, '/sveden/'))
    const audit = await auditSite(site.url, parts, { ...options, limits: { pages: 6, bytes: 1e7, time_ms: 60_000 } })
    expect(audit.pages).toHaveLength(6)
    expect(new Set(site.requests).size).toBe(site.requests.length)
    expect(find(audit, 'catering')).toMatchObject({ presence: 'not_confirmed' })
    expect(violationsOf(audit.subsections)).toEqual([])
  })

  it('keeps each page as evidence that opens again', async () => {
    const site = await open(buildSite((name) => `/sveden/${name}`, '/sveden/'))
    const audit = await auditSite(site.url, parts, options)
    const page = audit.pages.find((evidence: PageEvidence) => evidence.url.endsWith('/sveden/common'))
    expect(page).toMatchObject({ http_status: 200, trimmed: false })
    expect(gunzipSync(Buffer.from(page?.body_gzip_base64 ?? '', 'base64')).toString()).toContain(
      'МОУ «СОШ с. Берёзовка»',
    )
  })

  it.each([
    [
      'a challenge',
      '<title>Just a moment...</title><script src="/cdn-cgi/challenge-platform/h/b/x"></script>',
      'cannot_tell',
    ],
    ['a script shell', '<html><body><div id="app"></div><script src="/app.js"></script></body></html>', 'cannot_tell'],
  ])('does not judge behind %s', async (_, html, outcome) => {
    const site = await open({ '/': html })
    const audit = await auditSite(site.url, parts, options)
    expect(audit.outcome).toBe(outcome)
    expect(audit.cause).not.toBeNull()
    expect(audit.subsections).toEqual([])
  })

  it('says why a site cannot be reached', async () => {
    const site = await openSite({})
    await site.close()
    expect(await auditSite(site.url, parts, options)).toMatchObject({
      outcome: 'unreachable',
      cause: 'connect_refused',
    })
  })
})

describe('collectSiteAudit', () => {
  it('returns a measurement that the contract accepts', async () => {
    const site = await open(buildSite((name) => `/sveden/${name}`, '/sveden/'))
    const audit = await collectSiteAudit(
      {
        lease_id: '01234567-89ab-4def-8123-456789abcdef',
        kind: 'site_audit',
        org_unit_id: 7,
        org_kind: 'school',
        target_id: '11234567-89ab-4def-8123-456789abcdef',
        url: site.url,
        import_id: null,
        attempt: 1,
        full_handshake: false,
        expires_at: '2026-11-21T10:00:00Z',
      },
      parts,
    )
    expect(Value.Errors(SiteAudit, audit)).toEqual([])
    for (const row of audit.subsections) {
      expect(Value.Errors(SubsectionJudgement, row)).toEqual([])
      for (const finding of row.findings) expect(Value.Errors(SiteFinding, finding)).toEqual([])
    }
  })
})
