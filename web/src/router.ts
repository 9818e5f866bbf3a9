import { useSessionStore } from './stores/session.ts'
import { findHomePage } from './home-page.ts'
import { createRouter, createWebHistory, type LocationQuery, type RouteRecordRaw } from 'vue-router'

/** Everybody begins where their role has most to do. */
async function goHome(query: LocationQuery) {
  const session = useSessionStore()
  await session.ensureLoaded()
  return { name: findHomePage((session.holder?.grants ?? []).map(({ role }) => role)), query }
}

/** One line a page; pages load when they are first opened. */
export const routes: RouteRecordRaw[] = [
  { path: '/', name: 'home', component: () => import('./pages/TasksPage.vue'), beforeEnter: (to) => goHome(to.query) },
  { path: '/tasks', name: 'tasks', component: () => import('./pages/TasksPage.vue') },
  { path: '/objections', name: 'objections', component: () => import('./pages/ObjectionsPage.vue') },
  {
    path: '/objections/:id(\\d+)/:objection_id',
    name: 'objection',
    component: () => import('./pages/ObjectionPage.vue'),
  },
  { path: '/schools', name: 'schools', component: () => import('./pages/SchoolsPage.vue') },
  { path: '/schools/:id(\\d+)', name: 'school', component: () => import('./pages/SchoolPage.vue') },
  { path: '/sites', name: 'sites', component: () => import('./pages/SitesPage.vue') },
  { path: '/collectors', name: 'collectors', component: () => import('./pages/CollectorsPage.vue') },
  { path: '/:rest(.*)*', name: 'not-found', component: () => import('./pages/NotFoundPage.vue') },
]

export const router = createRouter({ history: createWebHistory(), routes })
router.beforeEach(() => useSessionStore().ensureLoaded())

// A new page starts at its top; on Back the browser itself returns to the place; a change of filters keeps it.
let isReturning = false
addEventListener('popstate', () => {
  isReturning = true
})
router.afterEach((to, from) => {
  if (!isReturning && to.path !== from.path) scrollTo({ top: 0 })
  isReturning = false
})
