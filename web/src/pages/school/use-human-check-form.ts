import { useQuery, useQueryCache } from '@pinia/colada'
import { computed, ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { addHumanCheck } from '../../api/commands.ts'
import { readDictionaries } from '../../api/reads.ts'
import { useCommandForm } from '../../composables/use-command-form.ts'
import { useDataArea } from '../../composables/use-data-area.ts'
import { dayOfInstant } from '../../format/date.ts'
import { REGION_TIME_ZONE } from '../../format/region-time-zone.ts'
import {
  createDraft,
  findDraftFaults,
  findFieldOfPath,
  toHumanCheckEntry,
  type DraftField,
} from './human-check-draft.ts'

const FIELDS = ['checked_on', 'person', 'answers', 'note', 'picture'] as const satisfies readonly DraftField[]

/** The form of a person's check: its draft, its faults by field, and sending it. */
export function useHumanCheckForm(readPlace: () => { org_unit_id: number; target_id: string }, onSaved: () => void) {
  const { t } = useI18n()
  const cache = useQueryCache()
  const dictionaries = useQuery({
    key: ['dictionaries'],
    query: ({ signal }) => readDictionaries(signal),
    staleTime: Infinity,
  })
  const today = dayOfInstant(new Date(), REGION_TIME_ZONE)
  const draft = ref(createDraft(today))
  const form = useCommandForm(FIELDS)
  /** A subsection without a number is in force no more: its facts belong to another one now. */
  const subsections = computed(() =>
    (dictionaries.data.value?.subsections ?? []).filter(({ number }) => number !== null),
  )

  async function post(): Promise<void> {
    const { org_unit_id, target_id } = readPlace()
    await addHumanCheck(org_unit_id, target_id, toHumanCheckEntry(draft.value))
    draft.value = createDraft(today)
    void cache.invalidateQueries({ key: ['org-unit-sites', org_unit_id] })
    onSaved()
  }

  async function send(): Promise<void> {
    const found = Object.entries(findDraftFaults(draft.value, today))
    await form.send({
      faults: Object.fromEntries(found.map(([field, fault]) => [field, t(`human_check.fault.${fault}`)])),
      post,
      placeOf: (problem) => findFieldOfPath(problem.path) ?? undefined,
    })
  }

  const { problem, isSending, ids, faultOf, setFault } = form
  return {
    draft,
    today,
    subsections,
    area: useDataArea(dictionaries),
    problem,
    isSending,
    ids,
    faultOf,
    send,
    setFault,
  }
}
