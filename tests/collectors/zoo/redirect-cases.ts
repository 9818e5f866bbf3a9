import { SCHOOL_PAGE, page } from './school-page.ts'
import type { Zoo, ZooCase } from './zoo.ts'

const to =
  (location: string, status = 302) =>
  (zoo: Zoo) =>
    zoo.http((_, answer) => answer.writeHead(status, { location }).end())

/** /0 → /1 → … → /hops, which is the page. */
const stairs = (hops: number) => (zoo: Zoo) =>
  zoo.http((request, answer) => {
    const step = Number(request.url?.slice(1) ?? 0)
    if (step < hops) answer.writeHead(301, { location: `/${step + 1}` }).end()
    else answer.setHeader('content-type', 'text/html').end(SCHOOL_PAGE)
  })

/** Where sites send their visitors. */
export const REDIRECT_CASES: readonly ZooCase[] = [
  { name: 'a redirect to itself', verdict: 'does_not_work', cause: 'redirect_loop', open: to('/') },
  {
    name: 'a redirect in a circle',
    verdict: 'does_not_work',
    cause: 'redirect_loop',
    open: (zoo) =>
      zoo.http((request, answer) => answer.writeHead(302, { location: request.url === '/a' ? '/b' : '/a' }).end()),
  },
  { name: 'six redirects', verdict: 'does_not_work', cause: 'redirect_too_many', open: stairs(6) },
  { name: 'five redirects', verdict: 'works', cause: null, open: stairs(5) },
  { name: 'a redirect to nowhere', verdict: 'does_not_work', cause: 'redirect_invalid', open: to('http://') },
  {
    name: 'a redirect without an address',
    verdict: 'does_not_work',
    cause: 'redirect_invalid',
    open: (zoo) => zoo.http((_, answer) => answer.writeHead(302).end()),
  },
  { name: 'a redirect to a file', verdict: 'does_not_work', cause: 'redirect_invalid', open: to('file:///etc/passwd') },
  {
    name: 'a redirect into a private network',
    verdict: 'does_not_work',
    cause: 'address_not_public',
    open: to('http://192.168.0.1/'),
  },
  {
    name: 'a redirect to metadata in mapped form',
    verdict: 'does_not_work',
    cause: 'address_not_public',
    open: to('http://[::ffff:a9fe:a9fe]/'),
  },
  {
    name: 'a redirect by name into a private network',
    verdict: 'does_not_work',
    cause: 'address_not_public',
    open: (zoo) => to(`http://${zoo.name(['172.16.3.4'])}/`)(zoo),
  },
  {
    name: 'a redirect with an endless body',
    verdict: 'works',
    cause: null,
    open: (zoo) =>
      zoo.http((request, answer) => {
        if (request.url === '/home') answer.setHeader('content-type', 'text/html').end(SCHOOL_PAGE)
        else answer.writeHead(302, { location: '/home' }).write('x'.repeat(100_000))
      }),
  },
  {
    name: 'a circle that a cookie opens',
    verdict: 'works',
    cause: null,
    open: (zoo) =>
      zoo.http((request, answer) => {
        if (request.headers.cookie === 'seen=1') answer.setHeader('content-type', 'text/html').end(SCHOOL_PAGE)
        else answer.writeHead(302, { location: '/', 'set-cookie': 'seen=1; path=/' }).end()
      }),
  },
  {
    name: 'a redirect in raw Cyrillic',
    verdict: 'works',
    cause: null,
    open: (zoo) =>
      zoo.tcp('http', (socket) =>
        socket.once('data', (request) => {
          const home = request.toString().startsWith('GET / ')
          socket.end(
            home
              ? 'HTTP/1.1 302 Found\r\nlocation: /главная\r\ncontent-length: 0\r\n\r\n'
              : `HTTP/1.1 200 OK\r\ncontent-type: text/html\r\n\r\n${SCHOOL_PAGE}`,
          )
        }),
      ),
  },
  {
    name: 'a page that sends on by itself',
    verdict: 'works',
    cause: null,
    open: (zoo) =>
      zoo.http((request, answer) => {
        const way = page('', '', '<meta http-equiv="refresh" content="0; url=/site/">')
        answer.setHeader('content-type', 'text/html').end(request.url === '/' ? way : SCHOOL_PAGE)
      }),
  },
]
