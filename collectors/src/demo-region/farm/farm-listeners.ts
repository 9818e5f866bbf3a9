import type { Server as HttpServer } from 'node:http'
import type { Server as TlsServer } from 'node:https'
import type { Socket } from 'node:net'
import { FAULTY_ADDRESSES, HOSTER_CODES, HOSTERS, WITNESS_ADDRESSES } from '../hosters.ts'
import type { Ports } from '../sites.ts'
import { AddressListener } from './address-listener.ts'
import { isHosterDown, type FarmState } from './farm-state.ts'
import { PORTALS } from './portals.ts'

interface FarmServers {
  http: HttpServer
  tls: TlsServer
  witness: HttpServer
}

export interface FarmListeners {
  ports: Ports
  /** Takes addresses down and puts them up as the state says now. */
  apply: (now_ms: number) => Promise<void>
  close: () => Promise<void>
}

type Group = { listeners: AddressListener[]; isDown: (now_ms: number) => boolean }

/** The first address asks the system for free ports when none are given; all others use the same. */
async function claimPorts(servers: FarmServers, wanted: Ports): Promise<{ first: AddressListener[]; ports: Ports }> {
  const [portal] = PORTALS
  const plain = listenFor(portal.address, wanted.http_port, servers.http)
  const encrypted = listenFor(portal.address, wanted.https_port, servers.tls)
  const ports = { http_port: await plain.open(), https_port: await encrypted.open() }
  return { first: [plain, encrypted], ports }
}

function listenFor(address: string, port: number, server: HttpServer | TlsServer): AddressListener {
  return new AddressListener({ address, port, onConnection: (socket) => void server.emit('connection', socket) })
}

function resetAtOnce(socket: Socket): void {
  socket.resetAndDestroy()
}

function listGroups(servers: FarmServers, ports: Ports, state: FarmState): Group[] {
  const both = (address: string) => [
    listenFor(address, ports.http_port, servers.http),
    listenFor(address, ports.https_port, servers.tls),
  ]
  const resets = FAULTY_ADDRESSES.reset.flatMap((address) =>
    [ports.http_port, ports.https_port].map(
      (port) => new AddressListener({ address, port, onConnection: resetAtOnce }),
    ),
  )
  return [
    ...HOSTER_CODES.map((code) => ({
      listeners: HOSTERS[code].addresses.flatMap(both),
      isDown: (now_ms: number) => isHosterDown(state, code, now_ms),
    })),
    {
      listeners: WITNESS_ADDRESSES.map((address) => listenFor(address, ports.http_port, servers.witness)),
      isDown: () => state.witness === 'down',
    },
    { listeners: PORTALS.slice(1).flatMap(({ address }) => both(address)), isDown: () => false },
    { listeners: resets, isDown: () => false },
  ]
}

/** Opens every address of the farm, but for those whose hoster is down at this moment. */
export async function openListeners(servers: FarmServers, wanted: Ports, state: FarmState): Promise<FarmListeners> {
  const { first, ports } = await claimPorts(servers, wanted)
  const groups = listGroups(servers, ports, state)
  const apply = async (now_ms: number) => {
    await Promise.all(
      groups.flatMap(({ listeners, isDown }) =>
        listeners.map((listener) => (isDown(now_ms) ? listener.close() : listener.open())),
      ),
    )
  }
  await apply(state.started_at_ms)
  return {
    ports,
    apply,
    close: async () => {
      await Promise.all([...first, ...groups.flatMap(({ listeners }) => listeners)].map((listener) => listener.close()))
    },
  }
}
