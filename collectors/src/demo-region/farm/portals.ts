import { html, type Answer } from './answer.ts'

/** The institute's two portals under reserved names: targets of kind `portal`, judged by availability only. */
export const PORTALS = [
  {
    host: 'teacher.soiro.example',
    hoster: 'own',
    fault: null,
    address: '127.10.6.1',
    title: 'Портал «Педагоги Саратовской области»',
  },
  {
    host: 'edusar.soiro.example',
    hoster: 'own',
    fault: null,
    address: '127.10.6.2',
    title: 'Портал дистанционного обучения СОИРО',
  },
] as const

export type Portal = (typeof PORTALS)[number]

export function writePortalPage(portal: Portal): Answer {
  return html(`<!DOCTYPE html><html lang="ru"><head><meta charset="utf-8"><title>${portal.title}</title></head>
<body><h1>${portal.title}</h1><p>Саратовский областной институт развития образования. Вход для педагогов и обучающихся, каталог курсов,
расписание вебинаров, методические материалы.</p><form action="/login"><input name="login"><button>Войти</button></form></body></html>`)
}
