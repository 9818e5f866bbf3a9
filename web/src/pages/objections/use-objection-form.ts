import { useQueryCache } from '@pinia/colada'
import { ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { openObjection } from '../../api/commands.ts'
import type { Objection } from '../../api/schemas.ts'
import { useCommandForm } from '../../composables/use-command-form.ts'
import { dayOfInstant } from '../../format/date.ts'
import { REGION_TIME_ZONE } from '../../format/region-time-zone.ts'
import { createDraft, findDraftFaults, toObjectionEntry, type DraftField, type FindingRef } from './objection-draft.ts'

const FIELDS = ['reason', 'asked_until', 'file'] as const satisfies readonly DraftField[]

/** The form of an objection: its draft, its faults by field, and sending it. */
export function useObjectionForm(read: () => { kind: Objection['kind']; about: FindingRef }, onSent: () => void) {
  const { t } = useI18n()
  const cache = useQueryCache()
  const today = dayOfInstant(new Date(), REGION_TIME_ZONE)
  const draft = ref(createDraft())
  const form = useCommandForm(FIELDS)

  async function post(): Promise<void> {
    const { kind, about } = read()
    await openObjection(about.org_unit_id, toObjectionEntry(kind, about, draft.value))
    draft.value = createDraft()
    void cache.invalidateQueries({ key: ['objections'] })
    onSent()
  }
  async function send(): Promise<void> {
    const found = Object.entries(findDraftFaults(read().kind, draft.value, today))
    await form.send({
      faults: Object.fromEntries(found.map(([field, fault]) => [field, t(`objections.fault.${fault}`)])),
      post,
    })
  }

  const { problem, isSending, ids, faultOf, setFault } = form
  return { draft, today, problem, isSending, ids, faultOf, setFault, send }
}
