import { PiniaColada } from '@pinia/colada'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import AppRoot from './AppRoot.vue'
import { i18n } from './i18n.ts'
import { router } from './router.ts'
import './styles/app.css'

createApp(AppRoot).use(createPinia()).use(PiniaColada).use(router).use(i18n).mount('#app')
