import { SCHOOL_PAGE } from './school-page.ts'
import type { ZooCase } from './zoo.ts'

/** Names, addresses and connections. */
export const NAME_CASES: readonly ZooCase[] = [
  {
    name: 'a name that does not exist',
    verdict: 'does_not_work',
    cause: 'dns_not_found',
    open: () => 'http://nowhere.zoo.test/',
  },
  {
    name: 'a name server that fails',
    verdict: 'does_not_work',
    cause: 'dns_failed',
    open: (zoo) => `http://${zoo.name('failed')}/`,
  },
  {
    name: 'a name server that is silent',
    verdict: 'does_not_work',
    cause: 'dns_timeout',
    open: (zoo) => `http://${zoo.name('silent')}/`,
  },
  {
    name: 'a name with no address',
    verdict: 'does_not_work',
    cause: 'dns_not_found',
    open: (zoo) => `http://${zoo.name([])}/`,
  },
  {
    name: 'a name that points into a private network',
    verdict: 'does_not_work',
    cause: 'address_not_public',
    open: (zoo) => `http://${zoo.name(['10.0.0.7'])}/`,
  },
  {
    name: 'a name that points to cloud metadata',
    verdict: 'does_not_work',
    cause: 'address_not_public',
    open: (zoo) => `http://${zoo.name(['169.254.169.254'])}/latest/`,
  },
  {
    name: 'metadata as a decimal number',
    verdict: 'does_not_work',
    cause: 'address_not_public',
    open: () => 'http://2852039166/',
  },
  {
    name: 'a private address in mapped form',
    verdict: 'does_not_work',
    cause: 'address_not_public',
    open: () => 'http://[::ffff:192.168.0.1]/',
  },
  {
    name: 'an address with a password',
    verdict: 'does_not_work',
    cause: 'url_invalid',
    open: () => 'http://admin:secret@school.zoo.test/',
  },
  {
    name: 'an address of another protocol',
    verdict: 'does_not_work',
    cause: 'url_invalid',
    open: () => 'ftp://school.zoo.test/',
  },
  { name: 'no address at all', verdict: 'does_not_work', cause: 'url_invalid', open: () => 'http://' },
  {
    name: 'a private address beside a permitted one',
    verdict: 'works',
    cause: null,
    open: async (zoo) => {
      const url = new URL(await zoo.http((_, answer) => answer.setHeader('content-type', 'text/html').end(SCHOOL_PAGE)))
      const permitted = zoo.addressOf(url.hostname)
      url.hostname = zoo.name(['192.168.1.1', permitted])
      return url.href
    },
  },
  {
    name: 'a closed port',
    verdict: 'does_not_work',
    cause: 'connect_refused',
    open: (zoo) => `http://${zoo.place().name}:9/`,
  },
  {
    name: 'a port that drops every attempt',
    verdict: 'does_not_work',
    cause: 'connect_timeout',
    open: (zoo) => zoo.full(),
  },
  {
    name: 'a connection that is reset',
    verdict: 'does_not_work',
    cause: 'connect_reset',
    open: (zoo) => zoo.tcp('http', (socket) => socket.once('data', () => socket.resetAndDestroy())),
  },
  {
    name: 'a close without an answer',
    verdict: 'does_not_work',
    cause: 'response_cut',
    open: (zoo) => zoo.tcp('http', (socket) => socket.once('data', () => socket.end())),
  },
]
