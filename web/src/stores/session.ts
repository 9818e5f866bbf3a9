import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { readSession } from '../api/sign-in.ts'
import type { Capability, SessionView } from '../api/schemas.ts'

/** Who is signed in, as the API said last; what nobody may use is not offered. */
export const useSessionStore = defineStore('session', () => {
  const view = ref<SessionView | null>(null)
  const holder = computed(() => view.value?.person ?? null)

  /** Asks once, before the first page. */
  async function ensureLoaded(): Promise<void> {
    view.value ??= await readSession().catch(() => null)
  }

  const can = (capability: Capability): boolean => holder.value?.capabilities.includes(capability) ?? false

  return { view, holder, ensureLoaded, can }
})
