import type { Site } from '../../sites.ts'
import { escapeHtml } from './escape.ts'
import type { SchoolFacts } from './school-facts.ts'
import { findSectionRoot } from './section-addresses.ts'

const SECTION = 'Сведения об образовательной организации'

const MENUS: Record<Site['platform'], readonly [title: string, path: string][]> = {
  own: [
    ['Главная', '/'],
    ['Новости', '/news'],
    ['Родителям', '/parents'],
    ['Контакты', '/contacts'],
  ],
  gosweb: [
    ['Главная', '/'],
    ['Наша школа', '/nasha-shkola/'],
    ['Педагогам и сотрудникам', '/pedagogam-i-sotrudnikam/'],
    ['Родителям и ученикам', '/roditelyam-i-uchenikam/'],
  ],
  ucoz: [
    ['Главная страница', '/'],
    ['Новости сайта', '/news'],
    ['Фотоальбомы', '/photo'],
    ['Гостевая книга', '/gb'],
  ],
}

/** What gives a platform away on its pages; nothing of it is ever fetched by a collector. */
const PLATFORM_HEAD: Record<Site['platform'], string> = {
  own: '',
  gosweb: [
    '<link rel="stylesheet" href="https://static.gosweb.gosuslugi.ru/css/main.css">',
    '<link rel="stylesheet" href="https://static.gosweb.gosuslugi.ru/css/school.css">',
    '<script src="https://static.gosweb.gosuslugi.ru/js/main.js" defer></script>',
  ].join('\n'),
  ucoz: '<meta name="generator" content="uCoz"><script src="/.s/src/uwnd.min.js" async></script>',
}

const PLATFORM_FOOTER: Record<Site['platform'], string> = {
  own: '',
  gosweb: '<p>Сайт создан на платформе «Госвеб»</p>',
  ucoz: '<p><a href="https://ucoz.example/">Конструктор сайтов uCoz</a></p>',
}

interface Layout {
  site: Site
  facts: SchoolFacts
  title: string
  /** HTML of the main part, already escaped. */
  main: string
  hasSection: boolean
}

/**
 * A whole page. The footer carries schema.org names as page furniture does everywhere: an audit must not take
 * `telephone` there for the school's own.
 */
export function writePage({ site, facts, title, main, hasSection }: Layout): string {
  const menu = hasSection ? [...MENUS[site.platform], [SECTION, findSectionRoot(site.platform)]] : MENUS[site.platform]
  const links = menu.map(([text, path]) => `<li><a href="${path}">${text}</a></li>`).join('')
  const charset = site.charset_told_by === 'nothing' ? '' : `<meta charset="${site.charset}">`
  const name = escapeHtml(facts.place.short_name)
  return `<!DOCTYPE html>
<html lang="ru">
<head>
${charset}
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
${PLATFORM_HEAD[site.platform]}
</head>
<body>
<header><p class="site-name"><a href="/">${name}</a></p><nav><ul class="menu">${links}</ul></nav></header>
<main>
${main}
</main>
<footer itemscope itemtype="https://schema.org/Organization">
<p itemprop="name">${name}</p><p>${escapeHtml(facts.place.address)}</p><p>Телефон: <span itemprop="telephone">${facts.phone}</span></p>
${PLATFORM_FOOTER[site.platform]}
</footer>
</body>
</html>
`
}
