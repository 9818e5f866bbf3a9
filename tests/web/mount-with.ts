import { PiniaColada } from '@pinia/colada'
import { mount, type MountingOptions } from '@vue/test-utils'
import { createPinia } from 'pinia'
import type { Component } from 'vue'
import { createMemoryHistory, createRouter, type Router } from 'vue-router'
import { i18n } from '../../web/src/i18n.ts'

/** Mounts a component in the surroundings that the dashboard gives it: texts, routes, stores, a real document. */
export async function mountWith<P extends Record<string, unknown>>(
  component: Component,
  options: { props?: P; slots?: MountingOptions<P>['slots']; path?: string } = {},
) {
  const empty = { template: '<i/>' }
  const router: Router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/schools', name: 'schools', component: empty },
      { path: '/schools/:id', name: 'school', component: empty },
      { path: '/objections/:id/:objection_id', name: 'objection', component: empty },
      { path: '/:rest(.*)*', name: 'any', component: empty },
    ],
  })
  await router.push(options.path ?? '/')
  const wrapper = mount(component, {
    attachTo: document.body,
    props: options.props ?? {},
    ...(options.slots === undefined ? {} : { slots: options.slots }),
    global: { plugins: [createPinia(), PiniaColada, router, i18n] },
  })
  return { wrapper, router }
}
