import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse, type DefaultTreeAdapterTypes } from 'parse5'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../../../server/src/config.ts'
import { createTestApp, type TestApp } from '../../setup/test-app.ts'

const ROOT = join(import.meta.dirname, '../../..')
const headers = { host: 'localhost' }
const transport = { ...readConfig({}).transport, trusted_proxies: ['127.0.0.1'], hsts_days: 365 }
let test: TestApp
beforeAll(async () => (test = await createTestApp({ transport })))
afterAll(() => test.close())

function readPolicy(text: unknown): Map<string, string[]> {
  return new Map(
    String(text)
      .split(';')
      .map((directive) => directive.trim().split(/\s+/))
      .map(([name = '', ...sources]) => [name, sources]),
  )
}

type Node = DefaultTreeAdapterTypes.Node

function listElements(node: Node): DefaultTreeAdapterTypes.Element[] {
  const children = 'childNodes' in node ? node.childNodes.flatMap(listElements) : []
  return 'tagName' in node ? [node, ...children] : children
}

/** Places of a page that a policy without inline scripts would not run. */
function findInlineScripts(html: string): string[] {
  return listElements(parse(html)).flatMap((element) => {
    const handlers = element.attrs.filter(({ name, value }) => name.startsWith('on') || /^\s*javascript:/i.test(value))
    const source = element.attrs.find(({ name }) => name === 'src')?.value
    const isInline = element.tagName === 'script' && (source === undefined || !source.startsWith('/'))
    return [...handlers.map(({ name }) => `${element.tagName} ${name}`), ...(isInline ? ['script'] : [])]
  })
}

describe('the content security policy', () => {
  it.each(['/', '/sites', '/api/docs', '/api/v1/health', '/api/v1/nothing', '/metrics'])(
    'lets no script run that is no file of ours: %s',
    async (url) => {
      const answer = await test.app.inject({ url, headers })
      const policy = readPolicy(answer.headers['content-security-policy'])
      expect(policy.get('default-src')).toEqual(["'self'"])
      expect(policy.get('script-src')).toEqual(["'self'"])
      expect(policy.get('script-src-attr')).toEqual(["'none'"])
      expect(policy.get('object-src')).toEqual(["'none'"])
      expect(policy.get('base-uri')).toEqual(["'none'"])
      expect(policy.get('frame-ancestors')).toEqual(["'none'"])
      expect(policy.get('form-action')).toEqual(["'self'"])
    },
  )

  it('breaks no page of ours: neither the source, nor what is built and served', async () => {
    expect(findInlineScripts(readFileSync(join(ROOT, 'web/index.html'), 'utf8'))).toEqual([])
    for (const url of ['/', '/api/docs']) {
      const answer = await test.app.inject({ url, headers })
      expect(answer.body).toContain('<script')
      expect(findInlineScripts(answer.body)).toEqual([])
    }
  })

  it.each(['<script>x()</script>', '<a onclick="x()">', '<a href=" javascript:x()">', '<script src="https://x/y">'])(
    'would be broken by %s, and the test sees it',
    (html) => {
      expect(findInlineScripts(html)).toHaveLength(1)
    },
  )
})

describe('every answer', () => {
  it.each(['/', '/api/docs', '/api/v1/health', '/api/v1/nothing'])(
    'keeps browsers from sharing us: %s',
    async (url) => {
      const answer = await test.app.inject({ url, headers })
      expect(answer.headers).toMatchObject({
        'cross-origin-opener-policy': 'same-origin',
        'cross-origin-resource-policy': 'same-origin',
        'referrer-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'permissions-policy': expect.stringContaining('geolocation=()') as string,
      })
      expect(answer.headers).not.toHaveProperty('server')
      expect(answer.headers).not.toHaveProperty('x-powered-by')
    },
  )

  it('asks for TLS only when it goes out by TLS', async () => {
    const ask = (proto: string) =>
      test.app.inject({ url: '/api/v1/health', headers: { ...headers, 'x-forwarded-proto': proto } })
    expect((await ask('http')).headers).not.toHaveProperty('strict-transport-security')
    expect((await ask('https')).headers['strict-transport-security']).toBe('max-age=31536000; includeSubDomains')
  })
})

describe('X-Forwarded headers', () => {
  it('are believed of the proxies that the settings name, and of nobody otherwise', async () => {
    const limits = { ...readConfig({}).limits, pressure_delay_ms: 0, address_rate: 1 }
    const behindProxy = await createTestApp({ transport, limits })
    const plain = await createTestApp({ limits })
    // One request of each address is answered: the count shows which address is believed.
    const ask = async ({ app }: TestApp, address: string) =>
      (await app.inject({ url: '/api/v1/health', headers: { ...headers, 'x-forwarded-for': address } })).statusCode
    expect(await ask(behindProxy, '192.0.2.7')).toBe(200)
    expect(await ask(behindProxy, '192.0.2.8')).toBe(200)
    expect(await ask(behindProxy, '192.0.2.8')).toBe(429)
    expect(await ask(plain, '192.0.2.7')).toBe(200)
    expect(await ask(plain, '192.0.2.8')).toBe(429)
    await Promise.all([behindProxy.close(), plain.close()])
  })
})
