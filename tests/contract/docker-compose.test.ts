import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { readConfig as readCollectorConfig } from '../../collectors/src/config.ts'
import { COLLECTORS } from '../../collectors/src/registry.ts'
import { readConfig as readServerConfig } from '../../server/src/config.ts'
import { WORK_KINDS, type WorkKind } from '../../server/src/contract/index.ts'

const ROOT = join(import.meta.dirname, '../..')

interface Service {
  image: string
  build?: { dockerfile_inline: string }
  user?: string
  entrypoint?: string[]
  command?: string[]
  profiles?: string[]
  environment?: Record<string, string>
  secrets?: string[]
  configs?: { source: string; target: string }[]
  networks: string[]
  ports?: string[]
  volumes?: string[]
  tmpfs?: string[]
  read_only?: boolean
  cap_drop?: string[]
  cap_add?: string[]
  security_opt?: string[]
  restart?: string
  depends_on?: Record<string, { condition: string }>
  healthcheck?: { test: string[] }
  deploy?: { resources: { limits: { cpus: string; memory: string } } }
}

interface Compose {
  services: Record<string, Service>
  secrets: Record<string, { file: string }>
  configs: Record<string, { content: string }>
  volumes: Record<string, unknown>
  networks: Record<string, { internal?: boolean; ipam?: { config: { subnet: string }[] } } | null>
}

const compose = parse(readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8'), { merge: true }) as Compose
const services = Object.entries(compose.services)
const programs = services.filter(([, service]) => service.build !== undefined)

/** Names of settings that the source of a reader speaks of. */
function listNames(...paths: string[]): Set<string> {
  const text = paths.map((path) => readFileSync(join(ROOT, path), 'utf8')).join('\n')
  return new Set([...text.matchAll(/'((?:EDUMON|DATABASE)_[A-Z_]+)'/g)].map(([, name = '']) => name))
}

const SERVER_NAMES = listNames(
  'server/src/config.ts',
  'server/src/settings/measurement.ts',
  'server/src/settings/secrets.ts',
  'server/src/settings/transport.ts',
  'server/src/limits/limit-settings.ts',
)
const COLLECTOR_NAMES = listNames('collectors/src/config.ts')

function isCollector({ command = [] }: Service): boolean {
  return command.includes('collectors/src/main.ts')
}

function isMeasurementServer({ command = [] }: Service): boolean {
  return command.includes('server/src/measurement-server/main.ts')
}

/** Where the measurement server listens, and the address that tickets name: the same to it and to the API. */
const MEASURED = { port: 8081, url: 'wss://monitoring.example', api_url: 'http://api:8080', places: 10 }

/** The environment as the container has it: what the operator sets, and files in place of secrets. */
function environmentOf(service: Service, folder: string): Record<string, string> {
  const entries = Object.entries(service.environment ?? {}).map(([name, value]) => {
    const filled = value
      .replaceAll(/\$\{(\w+):-([^}]*)\}/g, '$2')
      .replaceAll(/\$\{EDUMON_DOMAIN:\?[^}]*\}/g, 'monitoring.example')
    return [name, filled.replace('/run/secrets/', `${folder}/`)] as const
  })
  return Object.fromEntries(entries)
}

describe('every service', () => {
  it.each(services)('is confined and bounded: %s', (_name, service) => {
    expect(service.read_only).toBe(true)
    expect(service.cap_drop).toEqual(['ALL'])
    expect(service.security_opt).toContain('no-new-privileges:true')
    expect(service.user).toMatch(/^(node|postgres|[1-9]\d*:[1-9]\d*)$/)
    expect(service.tmpfs?.some((place) => place.startsWith('/tmp'))).toBe(true)
    expect(service.deploy?.resources.limits).toMatchObject({
      cpus: expect.stringMatching(/^[\d.]+$/) as string,
      memory: expect.stringMatching(/^\d+[mg]$/) as string,
    })
  })

  it.each(services)(
    'names secrets, volumes, configurations, networks and services that are there: %s',
    (_name, service) => {
      for (const secret of service.secrets ?? []) expect(compose.secrets).toHaveProperty(secret)
      for (const { source } of service.configs ?? []) expect(compose.configs).toHaveProperty(source)
      for (const network of service.networks) expect(compose.networks).toHaveProperty(network)
      for (const volume of service.volumes ?? []) expect(compose.volumes).toHaveProperty(volume.split(':')[0] ?? '')
      for (const other of Object.keys(service.depends_on ?? {})) expect(compose.services).toHaveProperty(other)
      for (const value of Object.values(service.environment ?? {})) {
        const [, secret] = /^\/run\/secrets\/(\w+)$/.exec(value) ?? []
        if (secret !== undefined) expect(service.secrets).toContain(secret)
      }
    },
  )

  it('that is waited for until it is healthy says how that is seen', () => {
    for (const [, service] of services) {
      for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
        const { healthcheck, restart } = compose.services[other] ?? {}
        if (condition === 'service_healthy') expect(healthcheck?.test.length).toBeGreaterThan(1)
        else expect([condition, restart]).toEqual(['service_completed_successfully', 'no'])
      }
    }
  })

  it('holds no password', () => {
    for (const [, service] of services) {
      for (const [name, value] of Object.entries(service.environment ?? {})) {
        expect(value).not.toMatch(/:\/\/[^/@]*:[^/@]*@/)
        if (/PASSWORD|TOKEN|SECRET/.test(name))
          expect([name, value]).toEqual([expect.stringMatching(/_FILE$/), expect.stringMatching(/^\/run\/secrets\//)])
      }
    }
  })
})

describe('the programs', () => {
  it.each(programs)('are started by a file and a command that are there: %s', (_name, service) => {
    const [node, file = '', command = ''] = [...(service.entrypoint ?? []), ...(service.command ?? [])]
    expect(node).toBe('node')
    expect(existsSync(join(ROOT, file))).toBe(true)
    if (file.endsWith('/main.ts') && file.startsWith('server/')) return
    const usage = spawnSync(process.execPath, [join(ROOT, file), 'no-such-command'], { encoding: 'utf8' }).stderr
    expect(usage).toMatch(new RegExp(`^ +(?:collect )?${command}\\b`, 'm'))
    for (const option of service.command?.filter((word) => word.startsWith('--')) ?? []) expect(usage).toContain(option)
  })

  it.each(programs)('know every setting that they are given: %s', (_name, service) => {
    const known = isCollector(service) ? COLLECTOR_NAMES : SERVER_NAMES
    const unknown = Object.keys(service.environment ?? {}).filter(
      (name) => !known.has(name) && !known.has(name.replace(/_FILE$/, '')),
    )
    expect(unknown).toEqual([])
  })

  it.each(programs)('can use the values that they are given: %s', (_name, service) => {
    const folder = mkdtempSync(join(tmpdir(), 'edumon-compose-'))
    try {
      for (const secret of service.secrets ?? []) writeFileSync(join(folder, secret), 'edu_secret\n')
      const environment = environmentOf(service, folder)
      if (isCollector(service)) {
        const { api_url, token } = readCollectorConfig('1.0.0', environment)
        expect([api_url.href, token]).toEqual(['http://api:8080/', 'edu_secret'])
      } else {
        const config = readServerConfig(environment)
        if (isMeasurementServer(service)) {
          expect([config.token, config.measurement]).toMatchObject(['edu_secret', MEASURED])
          return
        }
        expect(config.database_url).toBe('postgres://edumon_app:edu_secret@postgres:5432/edumon')
        if (service.secrets?.includes('owner') === true) {
          expect(config.owner_database_url).toBe('postgres://edumon_owner:edu_secret@postgres:5432/edumon')
        }
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('are asked by health checks at a path and a port that the API has', () => {
    const { paths } = JSON.parse(readFileSync(join(ROOT, 'server/openapi.json'), 'utf8')) as { paths: object }
    for (const name of ['api', 'collector', 'sheet-collector', 'proxy']) {
      const [, host, port, path = ''] =
        /http:\/\/([\w.]+):(\d+)(\/[\w/]+)/.exec(compose.services[name]?.healthcheck?.test.join(' ') ?? '') ?? []
      expect([name, host, port]).toEqual([name, name === 'api' ? '127.0.0.1' : 'api', '8080'])
      expect(paths).toHaveProperty([path])
    }
    expect(compose.services['api']?.environment).toMatchObject({ EDUMON_PORT: '8080', EDUMON_HOST: '0.0.0.0' })
  })

  it('are copied into the image with all that they need', () => {
    const { dockerfile_inline } = compose.services['api']?.build ?? { dockerfile_inline: '' }
    const copied = [...dockerfile_inline.matchAll(/^COPY (?!--)(.+) \S+$/gm)].flatMap(([, names = '']) =>
      names.split(' '),
    )
    for (const path of copied) expect(existsSync(join(ROOT, path))).toBe(true)
    const { workspaces } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { workspaces: string[] }
    for (const workspace of workspaces) expect(copied.some((path) => path.startsWith(workspace))).toBe(true)
    for (const path of ['sql', 'package-lock.json']) expect(copied).toContain(path)
  })
})

describe('the operator', () => {
  const operator = compose.services['operator']

  it('is started by hand alone, as the owner, and writes to a volume that the image gives it', () => {
    expect(operator?.profiles).toEqual(['operator'])
    expect(operator?.restart).toBe('no')
    expect(operator?.environment).toEqual(compose.services['migrate']?.environment)
    expect(operator?.secrets).toContain('owner')
    const [volume, folder = ''] = operator?.volumes?.[0]?.split(':') ?? []
    expect([volume, folder]).toEqual(['backups', '/backups'])
    const { dockerfile_inline } = operator?.build ?? { dockerfile_inline: '' }
    expect(dockerfile_inline).toMatch(new RegExp(`RUN mkdir .*${folder}.* && chown node .*${folder}`))
  })

  it('knows every command that the README and the head of the file have it run, and reads and writes in its volume', () => {
    const text = ['README.md', 'docker-compose.yml'].map((name) => readFileSync(join(ROOT, name), 'utf8')).join('\n')
    const calls = [...text.matchAll(/docker compose run --rm operator ([\w-]+)(?: (\/\S+))?/g)]
    const commands = new Set(calls.map(([, command]) => command))
    for (const command of ['backup', 'restore', 'verify', 'forget-files']) expect(commands).toContain(command)
    const { stderr: usage } = spawnSync(process.execPath, [join(ROOT, 'server/src/cli.ts'), 'no-such-command'], {
      encoding: 'utf8',
    })
    for (const command of commands) expect(usage).toMatch(new RegExp(`^ +${command}\\b`, 'm'))
    for (const [, , path] of calls) expect(path ?? '/backups/').toMatch(/^\/backups\//)
  })
})

describe('the collectors', () => {
  const collectors = programs.filter(([, service]) => isCollector(service))
  const kindsOf = ({ command = [] }: Service): WorkKind[] =>
    COLLECTORS.filter(({ name }) => command.includes(name)).map(({ kind }) => kind)

  it('do all work between them, with tokens of their own: what meets sites reads no sheets', () => {
    expect(collectors.flatMap(([, service]) => kindsOf(service)).sort()).toEqual([...WORK_KINDS].sort())
    for (const [, service] of collectors) {
      const kinds = kindsOf(service)
      expect(kinds).not.toEqual([])
      expect(service.networks.includes('outside')).toBe(!kinds.includes('sheet_parse'))
    }
    expect(new Set(collectors.flatMap(([, { secrets = [] }]) => secrets)).size).toBe(collectors.length)
  })
})

describe('the head of the file', () => {
  const head = readFileSync(join(ROOT, 'docker-compose.yml'), 'utf8').split('\nname:')[0] ?? ''
  const commands = [...head.matchAll(/docker compose run --rm (?:-T )?([\w-]+) node (\S+) (\w+)(.*)$/gm)]

  it('names commands that are there, run by a service that reaches the database', () => {
    expect(commands.map(([, , , command]) => command)).toEqual(['administrator', 'token', 'token', 'token'])
    for (const [, name = '', file = '', command = '', rest = ''] of commands) {
      expect(compose.services[name]?.networks).toContain('database')
      expect(compose.services[name]?.environment).toHaveProperty('DATABASE_URL')
      const usage = spawnSync(process.execPath, [join(ROOT, file), 'no-such-command'], { encoding: 'utf8' }).stderr
      const [line = ''] = new RegExp(`^ +${command}\\b.*$`, 'm').exec(usage) ?? []
      expect(line).not.toBe('')
      for (const [option] of rest.matchAll(/--\w+/g)) expect(line).toContain(option)
    }
  })

  it('fills the token of every collector and of the measurement server under the name that it uses', () => {
    const tokens = commands.flatMap(([, , , command, rest = '']) => {
      const [, name, secret] = /--name (\S+) --work \w+ > secrets\/(\w+)$/.exec(rest) ?? []
      return command === 'token' ? [[secret, name]] : []
    })
    const used = programs.filter(([, service]) => isCollector(service) || isMeasurementServer(service))
    expect(tokens).toEqual(
      used.map(([, service]) => [
        service.secrets?.[0],
        environmentOf(service, '/run/secrets')['EDUMON_COLLECTOR_NAME'] ?? 'local',
      ]),
    )
  })

  it('makes every secret file', () => {
    const made = (/for name in ([\w ]+);/.exec(head)?.[1] ?? '').split(' ')
    const touched = [...head.matchAll(/secrets\/(\w+)/g)].map(([, name = '']) => name)
    for (const secret of Object.keys(compose.secrets)) expect([...made, ...touched]).toContain(secret)
  })
})

describe('the networks', () => {
  const networksOf = (name: string): Set<string> => new Set(compose.services[name]?.networks)

  it('give collectors and proxy no way to the database', () => {
    for (const name of ['collector', 'sheet-collector', 'measurement', 'proxy'])
      expect([...networksOf(name)].filter((network) => networksOf('postgres').has(network))).toEqual([])
    expect([...networksOf('postgres')]).toEqual(['database'])
    expect(compose.networks['database']?.internal).toBe(true)
  })

  it('open ports of the proxy alone, to ports that it listens on', () => {
    expect(services.filter(([, { ports }]) => ports !== undefined).map(([name]) => name)).toEqual(['proxy'])
    const caddyfile = compose.configs['caddyfile']?.content ?? ''
    const inner = (compose.services['proxy']?.ports ?? []).map((port) => port.split(':')[1])
    expect(inner).toEqual([/http_port (\d+)/.exec(caddyfile)?.[1], /https_port (\d+)/.exec(caddyfile)?.[1]])
    expect(caddyfile).toMatch(/dynamic a api 8080/)
  })

  it('lead tests to the measurement server, which believes the proxy alone about who tests', () => {
    expect(compose.configs['caddyfile']?.content).toMatch(/reverse_proxy \/ndt\/v7\/\* measurement:8081/)
    const { environment } = compose.services['measurement'] ?? {}
    expect(environment?.['EDUMON_TRUSTED_PROXIES']).toBe(compose.networks['measuring']?.ipam?.config[0]?.subnet)
    expect(environment?.['EDUMON_MEASUREMENT_URL']).toBe(
      compose.services['api']?.environment?.['EDUMON_MEASUREMENT_URL'],
    )
    expect(services.filter(([, { networks }]) => networks.includes('measuring')).map(([name]) => name)).toEqual([
      'measurement',
      'proxy',
    ])
  })

  it('make the API believe the proxy alone about who asks', () => {
    const subnet = compose.networks['edge']?.ipam?.config[0]?.subnet
    expect(compose.services['api']?.environment?.['EDUMON_TRUSTED_PROXIES']).toBe(subnet)
    expect(services.filter(([, { networks }]) => networks.includes('edge')).map(([name]) => name)).toEqual([
      'api',
      'proxy',
    ])
  })
})

describe('the roles of the database', () => {
  it('are made under the names that the programs use', () => {
    const script = compose.configs['roles']?.content ?? ''
    for (const role of ['edumon_owner', 'edumon_app']) {
      expect(script).toContain(`CREATE ROLE ${role} LOGIN`)
    }
    const secrets = [...script.matchAll(/\/run\/secrets\/(\w+)/g)].map(([, name]) => name)
    expect(compose.services['postgres']?.secrets).toEqual(expect.arrayContaining(secrets))
  })
})
