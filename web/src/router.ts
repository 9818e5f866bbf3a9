import { createRouter, createWebHistory, type RouteRecordRaw } from 'vue-router'

/** One line a page; pages load when they are first opened. */
export const routes: RouteRecordRaw[] = [
  { path: '/', redirect: (to) => ({ name: 'sites', query: to.query }) },
  { path: '/schools', name: 'schools', component: () => import('./pages/SchoolsPage.vue') },
  { path: '/schools/:id(\\d+)', name: 'school', component: () => import('./pages/SchoolPage.vue') },
  { path: '/sites', name: 'sites', component: () => import('./pages/SitesPage.vue') },
  { path: '/collectors', name: 'collectors', component: () => import('./pages/CollectorsPage.vue') },
  { path: '/:rest(.*)*', name: 'not-found', component: () => import('./pages/NotFoundPage.vue') },
]

export const router = createRouter({ history: createWebHistory(), routes })

// A new page starts at its top; on Back the browser itself returns to the place; a change of filters keeps it.
let isReturning = false
addEventListener('popstate', () => {
  isReturning = true
})
router.afterEach((to, from) => {
  if (!isReturning && to.path !== from.path) scrollTo({ top: 0 })
  isReturning = false
})
