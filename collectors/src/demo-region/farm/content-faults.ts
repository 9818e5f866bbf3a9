import type { IncomingHttpHeaders } from 'node:http'
import type { FaultOf } from '../faults.ts'
import type { Site } from '../sites.ts'
import { html, type Answer } from './answer.ts'
import { readSamplePage, type PageSource } from './pages/site-pages.ts'

interface Visit {
  site: Site
  headers: IncomingHttpHeaders
  source: PageSource
}

function page(title: string, body: string, head = ''): string {
  return `<!DOCTYPE html><html lang="ru"><head><meta charset="utf-8"><title>${title}</title>${head}</head><body>${body}</body></html>`
}

const BOMB_WIDTH = 3000
/** Formatting that its paragraph's end leaves open: the parser opens all of it anew in every paragraph that follows. */
const PARSER_BOMB = `<p>${Array.from({ length: BOMB_WIDTH }, (_, index) => `<font color="${index}">`).join('')}</p>${'<p>а</p>'.repeat(BOMB_WIDTH)}`

const SHELL = page('school', '<div id="root"></div><script type="module" src="/src/main.tsx"></script>')
const REPAIR = page(
  'Сайт на реконструкции',
  '<h1>Сайт временно закрыт на техническое обслуживание</h1><p>Ведутся технические работы. Приносим извинения за неудобства.</p>',
)

/** Real pages stand in where the sample data are present, one site of each kind out of two. */
function preferSample({ site, source }: Visit, file: string, made: string): string {
  return (site.host.length % 2 === 0 ? readSamplePage(source, file) : null) ?? made
}

/** Robots are known by their name; a browser gets the page (null: the ordinary one). */
function refuseRobot({ headers }: Visit): Answer | null {
  const isRobot = !/Mozilla\/5\.0 .*(Chrome|Firefox|Safari)\//.test(headers['user-agent'] ?? '')
  return isRobot
    ? html(page('403', '<h1>Доступ запрещён</h1><p>Автоматические запросы к сайту запрещены.</p>'), 403)
    : null
}

/** Answers that arrive whole and say something else than a school's home page; null: the ordinary page after all. */
export const CONTENT_FAULTS: Record<FaultOf<'content'>, (visit: Visit) => Answer | null> = {
  empty_page: () => html('<!DOCTYPE html><html><head><title></title></head><body></body></html>'),
  parked: ({ site }) =>
    html(
      page(
        `${site.host} — домен продаётся`,
        `<h1>Домен ${site.host} продаётся</h1><p>Домен припаркован у регистратора. Купить этот домен можно в магазине доменов.</p>`,
      ),
    ),
  hoster_stub: ({ site }) =>
    html(
      page(
        'Домен не прилинкован',
        `<h1>Домен ${site.host} не прилинкован ни к одной из директорий на сервере</h1><p>Загрузите файлы сайта в папку public_html.</p>`,
      ),
    ),
  repair: (visit) => html(preferSample(visit, 'maintenance-stub.html', REPAIR)),
  script_shell: (visit) => html(preferSample(visit, 'js-shell.html', SHELL)),
  parser_bomb: () => html(page('Школа', PARSER_BOMB)),
  challenge: () =>
    html(
      page(
        'DDoS-Guard',
        '<h1>Проверка браузера перед переходом на сайт</h1><noscript>Включите JavaScript и cookies</noscript>',
        '<script src="/.well-known/ddos-guard/js-challenge/index.js"></script>',
      ),
      403,
      { server: 'ddos-guard', 'set-cookie': '__ddg1_=demo; Path=/' },
    ),
  captcha: () =>
    html(
      page(
        'Вы не робот?',
        '<h1>Подтвердите, что запросы отправляли вы, а не робот</h1><form><div class="smart-captcha" data-sitekey="demo"></div></form>',
        '<script src="https://smartcaptcha.example/captcha.js" defer></script>',
      ),
    ),
  robot_refused: refuseRobot,
}
