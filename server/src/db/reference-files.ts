import { readdirSync, readFileSync } from 'node:fs'
import type { GeneralRules, SiteCause, SubsectionRules, WebsiteRules, WorkingDayCalendar } from '../contract/index.ts'
import type { InternetRule } from '../domain/internet-rules.ts'

const FOLDER = new URL('../../../sql/reference/', import.meta.url)

/** What a cause means and what to do about it, in one language. */
export interface CauseText {
  meaning: string
  remedy: string
}
export type CauseTexts = Record<SiteCause, { ru: CauseText; en: CauseText }>

function readJson(name: string): unknown {
  return JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8'))
}

export function readWorkingDays(): WorkingDayCalendar {
  return readJson('working-days.json') as WorkingDayCalendar
}

export function readCauseTexts(): CauseTexts {
  return readJson('site-causes.json') as CauseTexts
}

/** Norm and contract rules for the Internet, dated: a region changes one by a further entry. */
export function readInternetRules(): InternetRule[] {
  return readJson('internet-rules.json') as InternetRule[]
}

/** All rule data of the content audit; contract tests hold every file against its schema. */
export function readWebsiteRules(): WebsiteRules {
  const names = readdirSync(new URL('website-rules/', FOLDER)).filter((name) => name !== 'general.json')
  return {
    general: readJson('website-rules/general.json') as GeneralRules,
    subsections: names.map((name) => readJson(`website-rules/${name}`) as SubsectionRules),
  }
}
