import { useQueryCache } from '@pinia/colada'
import { nextTick, ref, useId } from 'vue'
import { useI18n } from 'vue-i18n'
import { ApiProblem } from '../../api/client.ts'
import { openObjection } from '../../api/commands.ts'
import type { Objection } from '../../api/schemas.ts'
import { dayOfInstant } from '../../format/date.ts'
import { REGION_TIME_ZONE } from '../../format/region-time-zone.ts'
import { readAttachedFile } from './attached-file.ts'
import {
  createDraft,
  findDraftFaults,
  findFieldOfPath,
  toObjectionEntry,
  type DraftField,
  type FindingRef,
} from './objection-draft.ts'

const FIELDS = ['reason', 'asked_until', 'file'] as const satisfies readonly DraftField[]

/** The form of an objection: its draft, its faults by field, and sending it. */
export function useObjectionForm(read: () => { kind: Objection['kind']; about: FindingRef }, onSent: () => void) {
  const { t } = useI18n()
  const cache = useQueryCache()
  const today = dayOfInstant(new Date(), REGION_TIME_ZONE)
  const draft = ref(createDraft())
  const faults = ref<Partial<Record<DraftField, string | null>>>({})
  const problem = ref<string | null>(null)
  const isSending = ref(false)
  const prefix = useId()
  const ids = Object.fromEntries(FIELDS.map((field) => [field, `${prefix}-${field}`])) as Record<DraftField, string>

  async function showFaults(found: Partial<Record<DraftField, string>>): Promise<void> {
    faults.value = found
    await nextTick()
    const first = FIELDS.find((field) => found[field] !== undefined)
    if (first !== undefined) document.getElementById(ids[first])?.focus()
  }

  async function post(): Promise<void> {
    const { kind, about } = read()
    try {
      await openObjection(about.org_unit_id, toObjectionEntry(kind, about, draft.value))
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error
      const field = findFieldOfPath(error.path)
      if (field === null) problem.value = error.message
      else await showFaults({ [field]: error.message })
      return
    }
    draft.value = createDraft()
    void cache.invalidateQueries({ key: ['objections'] })
    onSent()
  }

  async function send(): Promise<void> {
    if (isSending.value) return
    problem.value = null
    const found = Object.entries(findDraftFaults(read().kind, draft.value, today))
    await showFaults(Object.fromEntries(found.map(([field, fault]) => [field, t(`objections.fault.${fault}`)])))
    if (found.length > 0) return
    isSending.value = true
    await post().finally(() => (isSending.value = false))
  }

  /** A file that is refused leaves the one chosen before in its place. */
  async function chooseFile(event: Event): Promise<void> {
    const file = (event.target as HTMLInputElement).files?.[0]
    if (file === undefined) return
    const chosen = await readAttachedFile(file)
    const isRefused = typeof chosen === 'string'
    if (!isRefused) draft.value.file = chosen
    faults.value = { ...faults.value, file: isRefused ? t(`objections.fault.${chosen}`) : null }
  }

  const faultOf = (field: DraftField): string | null => faults.value[field] ?? null
  return { draft, today, problem, isSending, ids, faultOf, send, chooseFile }
}
