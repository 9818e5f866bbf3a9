import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { readSession } from '../api/sign-in.ts'
import type { Capability, SessionPerson, SessionView } from '../api/schemas.ts'
import { findHomeUnit } from './home-unit.ts'

/** Who is signed in, as the API said last; what nobody may use is not offered. */
export const useSessionStore = defineStore('session', () => {
  const view = ref<SessionView | null>(null)
  /** The person whose pages are open. It stays while the session behind them has ended, until somebody signs in. */
  const holder = ref<SessionPerson | null>(null)
  const isLost = ref(false)
  /** The API was not reached, so nobody knows who is signed in. */
  const isUnreachable = ref(false)
  const person = computed(() => view.value?.person ?? null)
  const homeUnit = computed(() => findHomeUnit(holder.value?.grants ?? []))

  /** Asks the API anew. Throws an ApiProblem. */
  async function load(): Promise<void> {
    view.value = await readSession()
    if (holder.value === null && person.value?.state === 'complete') holder.value = person.value
  }

  /** Asks once, before the first page. */
  async function ensureLoaded(): Promise<void> {
    if (view.value !== null) return
    try {
      await load()
    } catch {
      isUnreachable.value = true
    }
  }

  /** Asks anew without a word when the API is not reached. @returns whether somebody is fully signed in now */
  async function lookAgain(): Promise<boolean> {
    try {
      await load()
    } catch {
      return false // what the page asks for next says it in its place
    }
    return person.value?.state === 'complete'
  }

  /** A request was refused because the session has ended. */
  async function noticeLoss(): Promise<void> {
    if (isLost.value) return
    if (holder.value !== null) isLost.value = true
    await lookAgain()
  }

  /** Somebody has signed in again over an open page: whether it is the same person, so that the page may go on. */
  function resume(): boolean {
    if (person.value?.login !== holder.value?.login) return false
    holder.value = person.value
    isLost.value = false
    return true
  }

  const can = (capability: Capability): boolean => holder.value?.capabilities.includes(capability) ?? false

  return {
    view,
    person,
    holder,
    isLost,
    isUnreachable,
    homeUnit,
    load,
    ensureLoaded,
    lookAgain,
    noticeLoss,
    resume,
    can,
  }
})
