import fp from 'fastify-plugin'
import { SITE_CAUSE_CODES, SITE_CAUSES, SVEDEN_SUBSECTIONS } from '../../contract/index.ts'
import { readCauseTexts, readWebsiteRules } from '../../db/reference-files.ts'
import { CauseEntry, Dictionaries, SubsectionEntry } from './schemas.ts'

function buildDictionaries() {
  const texts = readCauseTexts()
  const rules = readWebsiteRules()
  const byCode = new Map(rules.subsections.map((entry) => [entry.subsection, entry]))
  return {
    causes: SITE_CAUSE_CODES.map((code) => ({
      code,
      verdict: SITE_CAUSES[code].verdict,
      is_permanent: SITE_CAUSES[code].permanent,
      ...texts[code],
    })),
    subsections: SVEDEN_SUBSECTIONS.flatMap((code) => {
      const entry = byCode.get(code)
      if (entry === undefined) return []
      const { number, title, asks, checklist } = entry
      return [{ code, number, title, asks, checklist }]
    }),
    rule_sets: rules.general.rule_sets,
  }
}

/** Words for the codes that facts hold, so that screen, export and printed list say the same. */
export default fp(
  (app, _options, done) => {
    for (const schema of [CauseEntry, SubsectionEntry, Dictionaries]) app.addSchema(schema)
    const dictionaries = buildDictionaries()
    app.get(
      '/api/v1/dictionaries',
      {
        config: { capability: 'signed_in' },
        schema: {
          operationId: 'getDictionaries',
          summary: 'Causes with meaning and remedy, subsections with their checklist',
          tags: ['reference'],
          response: { 200: { $ref: 'Dictionaries#' } },
        },
      },
      () => dictionaries,
    )
    done()
  },
  { name: 'dictionaries', dependencies: ['error-body'] },
)
