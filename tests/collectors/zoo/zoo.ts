import { spawn } from 'node:child_process'
import { createServer as createHttpServer } from 'node:http'
import type { RequestListener } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { ServerOptions } from 'node:https'
import { connect, createServer as createTcpServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import type { SiteCause, SiteCheck, SiteVerdict } from '@edumon/server/contract'
import type { SiteObservation } from '../../../collectors/src/website/availability/probe.ts'
import type { Authority } from './certificates.ts'
import { startDnsServer } from './dns-server.ts'
import type { DnsReply } from './dns-server.ts'

export interface ZooCase {
  name: string
  verdict: SiteVerdict
  cause: SiteCause | null
  /** Starts the animal and says where it lives. */
  open: (zoo: Zoo) => Promise<string> | string
  /** Whether the collector has the national root as an extra store. */
  national_store?: boolean
  /** What else must hold of the observation. */
  expect?: Partial<Omit<SiteCheck, 'certificate' | 'timings'>> & {
    certificate?: Partial<NonNullable<SiteCheck['certificate']>>
  }
}

export interface ZooResult {
  animal: ZooCase
  seen: SiteObservation
}

/** Authorities that cases sign with: trusted by the collector, unknown to it, national. */
export interface ZooAuthorities {
  trusted: Authority
  trusted_intermediate: Authority
  unknown: Authority
  unknown_intermediate: Authority
  national: Authority
  national_intermediate: Authority
}

/** Real servers on loopback, every one on an address of its own, and a name server that knows them. */
export class Zoo {
  readonly authorities: ZooAuthorities
  readonly #names = new Map<string, DnsReply>()
  readonly #closers: (() => void)[] = []
  #last_host = 0

  constructor(authorities: ZooAuthorities) {
    this.authorities = authorities
  }

  /** A name that the zoo's name server answers with `reply`. */
  name(reply: DnsReply): string {
    this.#last_host += 1
    const name = `site-${this.#last_host}.zoo.test`
    this.#names.set(name, reply)
    return name
  }

  /** A fresh address and a name for it. */
  place(): { address: string; name: string } {
    const address = `127.77.${(this.#last_host >> 8) + 1}.${(this.#last_host & 0xff) + 1}`
    return { address, name: this.name([address]) }
  }

  addressOf(name: string): string {
    const reply = this.#names.get(name)
    if (!Array.isArray(reply)) throw new TypeError(`${name} has no address`)
    return String(reply[0])
  }

  async startDns(): Promise<string> {
    const dns = await startDnsServer((name) => this.#names.get(name) ?? 'not_found')
    this.#closers.push(() => dns.close())
    return dns.address
  }

  async #listen(server: Server, address: string): Promise<number> {
    const sockets = new Set<Socket>()
    server.on('connection', (socket) => {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => sockets.delete(socket))
    })
    await new Promise<void>((done) => server.listen(0, address, done))
    this.#closers.push(() => {
      for (const socket of sockets) socket.destroy()
      server.close()
    })
    return (server.address() as AddressInfo).port
  }

  async http(listener: RequestListener): Promise<string> {
    const { address, name } = this.place()
    return `http://${name}:${await this.#listen(createHttpServer(listener), address)}/`
  }

  /** An HTTPS site; `options` gets the site's name, so that its certificate can be made for it. */
  async https(options: (name: string) => Promise<ServerOptions>, listener: RequestListener): Promise<string> {
    const { address, name } = this.place()
    const server = createHttpsServer(await options(name), listener)
    server.on('tlsClientError', () => undefined)
    return `https://${name}:${await this.#listen(server, address)}/`
  }

  /** A bare TCP server; `scheme` is what the probe believes it to be. */
  async tcp(scheme: 'http' | 'https', onSocket: (socket: Socket) => void): Promise<string> {
    const { address, name } = this.place()
    return `${scheme}://${name}:${await this.#listen(createTcpServer(onSocket), address)}/`
  }

  /** A server that sends these bytes to whoever asks, and then ends or stays. */
  bytes(text: string | Buffer, end = true): Promise<string> {
    return this.tcp('http', (socket) => {
      socket.once('data', () => (end ? socket.end(text) : socket.write(text)))
    })
  }

  /** A port whose queue of connections is full: the kernel drops every further attempt. */
  async full(): Promise<string> {
    const { address, name } = this.place()
    const script = `const s = require('node:net').createServer().listen({ port: 0, host: '${address}', backlog: 1 }, () => {
      process.stdout.write(String(s.address().port)); setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0), 50) })`
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] })
    this.#closers.push(() => child.kill('SIGKILL'))
    const port = await new Promise<number>((done) => child.stdout.once('data', (data: Buffer) => done(Number(data))))
    await new Promise((done) => setTimeout(done, 300))
    const fillers = Array.from({ length: 6 }, () => connect({ host: address, port }).on('error', () => undefined))
    this.#closers.push(() => fillers.forEach((filler) => filler.destroy()))
    await new Promise((done) => setTimeout(done, 200))
    return `http://${name}:${port}/`
  }

  close(): void {
    for (const close of this.#closers) close()
  }
}
