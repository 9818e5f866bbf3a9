import iconv from 'iconv-lite'
import { page, SCHOOL_PAGE } from './school-page.ts'
import type { Zoo, ZooCase } from './zoo.ts'

const html =
  (body: string | Buffer, headers: Record<string, string> = {}, status = 200) =>
  (zoo: Zoo): Promise<string> =>
    zoo.http((_, answer) => answer.writeHead(status, { 'content-type': 'text/html', ...headers }).end(body))

const UNDECLARED = SCHOOL_PAGE.replace('<meta charset="utf-8">', '')
const declared = (charset: string): string => SCHOOL_PAGE.replace('utf-8', charset)
const SCHOOL_TITLE = 'МБОУ СОШ с. Ивановка'

const works = { verdict: 'works', cause: null } as const
const blocks = { verdict: 'blocks_robots' } as const

/** Charsets that Russian school sites really have. */
const CHARSET_CASES: readonly ZooCase[] = [
  {
    name: 'windows-1251 by header',
    ...works,
    open: html(iconv.encode(UNDECLARED, 'win1251'), { 'content-type': 'text/html; charset=windows-1251' }),
    expect: { charset: 'windows-1251', charset_source: 'header', title: SCHOOL_TITLE },
  },
  {
    name: 'windows-1251 by meta',
    ...works,
    open: html(iconv.encode(declared('windows-1251'), 'win1251')),
    expect: { charset: 'windows-1251', charset_source: 'meta', title: SCHOOL_TITLE },
  },
  {
    name: 'windows-1251 undeclared',
    ...works,
    open: html(iconv.encode(UNDECLARED, 'win1251')),
    expect: { charset: 'windows-1251', charset_source: 'sniffed', title: SCHOOL_TITLE },
  },
  {
    name: 'koi8-r undeclared',
    ...works,
    open: html(iconv.encode(UNDECLARED, 'koi8-r')),
    expect: { charset: 'koi8-r', charset_source: 'sniffed', title: SCHOOL_TITLE },
  },
  {
    name: 'UTF-8 undeclared',
    ...works,
    open: html(UNDECLARED),
    expect: { charset: 'utf-8', charset_source: 'sniffed', title: SCHOOL_TITLE },
  },
  {
    name: 'UTF-16 by its mark',
    ...works,
    open: html(iconv.encode(UNDECLARED, 'utf16le', { addBOM: true })),
    expect: { charset: 'utf-16le', charset_source: 'bom', title: SCHOOL_TITLE },
  },
  {
    name: 'a charset that nobody knows',
    ...works,
    open: html(UNDECLARED, { 'content-type': 'text/html; charset=klingon' }),
    expect: { charset: 'utf-8', charset_source: 'sniffed' },
  },
]

const REPAIR = page(
  'Мы сломались',
  '<h1>Сайт скоро вернётся к работе!</h1><p>Приёмная: <a href="tel:+70000000000">+7</a></p>',
)
const SHELL = page('licey', '<div id="root"></div><script type="module" src="/src/main.js"></script>')

/** Pages with status 200 that are not a school's site. */
const PLACEHOLDER_CASES: readonly ZooCase[] = [
  {
    name: 'a parked domain',
    verdict: 'does_not_work',
    cause: 'placeholder_parked',
    open: html(page('school.ru', '<h1>Домен school.ru продаётся</h1><a href="https://shop.example/">Купить</a>')),
  },
  {
    name: "a web server's welcome",
    verdict: 'does_not_work',
    cause: 'placeholder_hoster',
    open: html(
      page('Welcome to nginx!', '<h1>Welcome to nginx!</h1><p>If you see this page, the web server is installed.</p>'),
    ),
  },
  {
    name: "a hoster's stub",
    verdict: 'does_not_work',
    cause: 'placeholder_hoster',
    open: html(page('Ошибка', '<p>Домен не прилинкован ни к одной из директорий на сервере!</p>')),
  },
  {
    name: 'a suspended account',
    verdict: 'does_not_work',
    cause: 'placeholder_hoster',
    open: html(page('Сайт отключён', '<p>Обслуживание сайта приостановлено хостинг-провайдером.</p>')),
  },
  {
    name: 'a list of files',
    verdict: 'does_not_work',
    cause: 'placeholder_hoster',
    open: html(page('Index of /', `<h1>Index of /</h1>${'<a href="/old/">old/</a>'.repeat(9)}`)),
  },
  { name: 'a page "under repair"', verdict: 'does_not_work', cause: 'placeholder_repair', open: html(REPAIR) },
  {
    name: 'technical work',
    verdict: 'does_not_work',
    cause: 'placeholder_repair',
    open: html(page('Школа № 1', '<p>На сайте ведутся технические работы. Приносим извинения.</p>')),
  },
  { name: 'an empty shell of scripts', verdict: 'cannot_tell', cause: 'script_shell', open: html(SHELL) },
  {
    name: 'markup without content',
    verdict: 'does_not_work',
    cause: 'empty_page',
    open: html(page('', '<div></div>')),
  },
  {
    name: 'markup nested deep enough to break a careless reader',
    verdict: 'cannot_tell',
    cause: 'parse_failed',
    open: html(page('Школа', '<div>'.repeat(20_000))),
  },
  {
    name: 'markup nested without end',
    verdict: 'cannot_tell',
    cause: 'parse_failed',
    open: html(`<html>${'<div><p>'.repeat(250_000)}`),
  },
]

const CAPTCHA = page(
  'Проверка',
  '<form><p>Подтвердите, что вы не робот</p><div class="g"></div><script src="https://www.google.com/recaptcha/api.js"></script></form>',
)

/** Sites that turn robots away and let people in. */
const ROBOT_CASES: readonly ZooCase[] = [
  {
    name: 'a Cloudflare challenge',
    ...blocks,
    cause: 'challenge',
    open: html(
      page('Just a moment...', '<script src="/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1"></script>'),
      { server: 'cloudflare', 'cf-mitigated': 'challenge' },
      403,
    ),
  },
  {
    name: 'a DDoS-Guard check',
    ...blocks,
    cause: 'challenge',
    open: html(
      page(
        'DDoS-Guard',
        '<p>Проверка браузера перед переходом</p><script src="https://check.ddos-guard.net/check.js"></script>',
      ),
      { server: 'ddos-guard' },
      403,
    ),
  },
  {
    name: 'a Qrator check with status 401',
    ...blocks,
    cause: 'challenge',
    open: html(page('', '<script src="/__qrator/qauth_utm_v2.js"></script>'), { server: 'QRATOR' }, 401),
  },
  {
    name: 'a cookie set by script, with status 200',
    ...blocks,
    cause: 'challenge',
    open: html(page('', '<script>document.cookie="k="+toHex(1);location.reload()</script>')),
  },
  { name: 'a captcha', ...blocks, cause: 'captcha', open: html(CAPTCHA) },
  { name: 'a captcha with a refusal', ...blocks, cause: 'captcha', open: html(CAPTCHA, {}, 403) },
  { name: 'too many requests', ...blocks, cause: 'refused_to_robot', open: html('slow down', {}, 429) },
  {
    name: 'a refusal that names robots',
    ...blocks,
    cause: 'refused_to_robot',
    open: html(
      page('403', '<p>Ваш запрос похож на автоматический. Роботам доступ закрыт.</p>'),
      { server: 'nginx' },
      403,
    ),
  },
  {
    name: 'a refusal by a guard in front of the site',
    ...blocks,
    cause: 'refused_to_robot',
    open: html('<h1>403</h1>', { server: 'ddos-guard' }, 403),
  },
]

/** Working sites that look odd: none of them may be accused. */
const INNOCENT_CASES: readonly ZooCase[] = [
  {
    name: 'a small school page',
    ...works,
    open: html(SCHOOL_PAGE),
    expect: { title: SCHOOL_TITLE, platform: 'own', evidence: null },
  },
  {
    name: 'a school that writes of repair',
    ...works,
    open: html(SCHOOL_PAGE.replace('<p>', '<p>В школе идёт капитальный ремонт. Сайт обновляется ежедневно. ')),
  },
  {
    name: 'a contact form with a captcha',
    ...works,
    open: html(
      SCHOOL_PAGE.replace('</body>', '<form><div class="g-recaptcha"></div>Введите код с картинки</form></body>'),
    ),
  },
  {
    name: 'a page of pictures',
    ...works,
    open: html(page('Школа', '<a href="/main.html"><img src="/enter.gif" alt=""></a>')),
  },
  {
    name: 'a page of frames',
    ...works,
    open: html(
      '<html><head><title>Школа</title></head><frameset cols="20%,80%"><frame src="menu.html"><frame src="main.html"></frameset></html>',
    ),
  },
  {
    name: 'a page with many scripts and a text',
    ...works,
    open: html(SCHOOL_PAGE.replace('</head>', `${'<script src="/a.js"></script>'.repeat(50)}</head>`)),
  },
  {
    name: 'a uCoz site',
    ...works,
    open: html(
      SCHOOL_PAGE.replace(
        '</head>',
        '<link href="/.s/src/base.min.css" rel="stylesheet"><meta name="generator" content="uCoz"></head>',
      ),
    ),
    expect: { platform: 'ucoz' },
  },
]

export const PAGE_CASES: readonly ZooCase[] = [
  ...CHARSET_CASES,
  ...PLACEHOLDER_CASES,
  ...ROBOT_CASES,
  ...INNOCENT_CASES,
]
