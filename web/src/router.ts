import { createRouter, createWebHistory, type RouteLocationNormalized, type RouteRecordRaw } from 'vue-router'
import { decidePage } from './decide-page.ts'
import { findHomePage } from './home-page.ts'
import type { Capability } from './api/schemas.ts'
import { useSessionStore } from './stores/session.ts'

declare module 'vue-router' {
  interface RouteMeta {
    /** Also for whoever is not signed in. */
    isOpen?: boolean
    /** What a person needs to be able to do. */
    capability?: Capability
  }
}

/** Everybody begins where their role has most to do. */
function goHome({ query }: Pick<RouteLocationNormalized, 'query'>) {
  const roles = (useSessionStore().holder?.grants ?? []).map(({ role }) => role)
  return { name: findHomePage(roles), query }
}

/** One line a page; pages load when they are first opened. */
const pages: RouteRecordRaw[] = [
  // Never shown itself: the guard leads on to the first page of the person's roles.
  { path: '', name: 'home', component: () => import('./pages/NotFoundPage.vue') },
  { path: 'tasks', name: 'tasks', component: () => import('./pages/TasksPage.vue') },
  {
    path: 'objections',
    name: 'objections',
    component: () => import('./pages/ObjectionsPage.vue'),
    meta: { capability: 'objections:read' },
  },
  {
    path: 'objections/:id(\\d+)/:objection_id',
    name: 'objection',
    component: () => import('./pages/ObjectionPage.vue'),
    meta: { capability: 'objections:read' },
  },
  {
    path: 'schools',
    name: 'schools',
    component: () => import('./pages/SchoolsPage.vue'),
    meta: { capability: 'registry:read' },
  },
  {
    path: 'schools/:id(\\d+)',
    name: 'school',
    component: () => import('./pages/SchoolPage.vue'),
    meta: { capability: 'registry:read' },
  },
  {
    path: 'sites',
    name: 'sites',
    component: () => import('./pages/SitesPage.vue'),
    meta: { capability: 'sites:read' },
  },
  {
    path: 'internet',
    name: 'internet',
    component: () => import('./pages/InternetPage.vue'),
    meta: { capability: 'internet:read' },
  },
  {
    path: 'collectors',
    name: 'collectors',
    component: () => import('./pages/CollectorsPage.vue'),
    meta: { capability: 'collectors:read' },
  },
  { path: 'account', name: 'account', component: () => import('./pages/AccountPage.vue') },
  {
    path: 'admin/users',
    name: 'users',
    component: () => import('./pages/UsersPage.vue'),
    meta: { capability: 'users:manage' },
  },
  {
    path: 'admin/tokens',
    name: 'tokens',
    component: () => import('./pages/TokensPage.vue'),
    meta: { capability: 'tokens:manage' },
  },
  {
    path: 'admin/audit',
    name: 'audit',
    component: () => import('./pages/AuditPage.vue'),
    meta: { capability: 'audit:read' },
  },
  { path: ':rest(.*)*', name: 'not-found', component: () => import('./pages/NotFoundPage.vue') },
]

const routes: RouteRecordRaw[] = [
  { path: '/sign-in', name: 'sign-in', component: () => import('./pages/SignInPage.vue'), meta: { isOpen: true } },
  {
    path: '/sign-in/link',
    name: 'sign-in-link',
    component: () => import('./pages/SignInLinkPage.vue'),
    meta: { isOpen: true },
  },
  {
    path: '/speedtest',
    name: 'speedtest',
    component: () => import('./pages/SpeedTestPage.vue'),
    meta: { isOpen: true },
  },
  { path: '/', component: () => import('./AppFrame.vue'), children: pages },
]

export const router = createRouter({ history: createWebHistory(), routes })

router.beforeEach(async (to) => {
  const session = useSessionStore()
  await session.ensureLoaded()
  if (session.isUnreachable) return false
  const decision = decidePage(session.holder !== null, to)
  return decision === true && to.name === 'home' ? goHome(to) : decision
})

// A new page starts at its top; on Back the browser itself returns to the place; a change of filters keeps it.
let isReturning = false
addEventListener('popstate', () => {
  isReturning = true
})
router.afterEach((to, from) => {
  if (!isReturning && to.path !== from.path) scrollTo({ top: 0 })
  isReturning = false
})
