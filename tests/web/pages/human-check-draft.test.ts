import { describe, expect, it } from 'vitest'
import {
  createDraft,
  findDraftFaults,
  findFieldOfPath,
  toHumanCheckEntry,
} from '../../../web/src/pages/school/human-check-draft.ts'

const TODAY = '2026-10-14'
const filled = {
  ...createDraft(TODAY),
  person: ' Иванова А. П. ',
  answers: { catering: 'absent', budget: null } as const,
}

describe('the draft of a check by a person', () => {
  it('says only what was looked at', () =>
    expect(toHumanCheckEntry(filled)).toEqual({
      checked_on: TODAY,
      person: 'Иванова А. П.',
      note: null,
      judgements: [
        { subsection: 'catering', presence: 'absent', markup: null, freshness: null, url: null, dated_on: null },
      ],
      picture_base64: null,
    }))
  it('has no fault when it is filled', () => expect(findDraftFaults(filled, TODAY)).toEqual({}))
  it('names every fault at its field', () =>
    expect(findDraftFaults({ ...createDraft('2026-10-15'), answers: { budget: null } }, TODAY)).toEqual({
      checked_on: 'day_future',
      person: 'person_missing',
      answers: 'answers_missing',
    }))
  it.each([
    ['/judgements/3/dated_on', 'answers'],
    ['/picture_base64', 'picture'],
    ['/person', 'person'],
    ['', null],
    [null, null],
  ])('finds the field of %o', (path, field) => expect(findFieldOfPath(path)).toBe(field))
})
