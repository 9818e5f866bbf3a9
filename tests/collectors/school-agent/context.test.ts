import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import iconv from 'iconv-lite'
import { afterEach, describe, expect, it } from 'vitest'
import { otherTraffic, percentOfDbm } from '../../../collectors/src/school-agent/context/link.ts'
import {
  parseDefaultRoute,
  parseDefaultRoute6,
  readLinuxLink,
  readLinuxPower,
  readLinuxTraffic,
} from '../../../collectors/src/school-agent/context/linux.ts'
import { describeContext } from '../../../collectors/src/school-agent/context/read-context.ts'
import {
  decodeConsole,
  parseBattery,
  parseNetsh,
  parseNetstat,
} from '../../../collectors/src/school-agent/context/windows.ts'

const ROUTE = `Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
wlan0	00000000	0101A8C0	0003	0	0	600	00000000	0	0	0
eth0	00000000	0101A8C0	0003	0	0	100	00000000	0	0	0
eth0	0001A8C0	00000000	0001	0	0	100	00FFFFFF	0	0	0
`
const WIRELESS = `Inter-| sta-|   Quality        |   Discarded packets               | Missed | WE
 face | tus | link level noise |  nwid  crypt   frag  retry   misc | beacon | 22
 wlan0: 0000   54.  -56.  -256        0      0      0      0     12        0
`
const RUSSIAN = `
В системе 1 интерфейс:

    Имя                   : Беспроводная сеть
    Описание              : Intel(R) Wi-Fi 6 AX201 160MHz
    Физический адрес      : 00:11:22:33:44:55
    Состояние             : подключено
    SSID                  : school
    Тип сети              : Инфраструктура
    Тип радио             : 802.11ac
    Скорость приема (Мбит/с) : 433,3
    Скорость передачи (Мбит/с) : 390
    Сигнал                : 87%
    Профиль               : school

`.replaceAll('\n', '\r\n')
const ENGLISH = `
There is 1 interface on the system:

    Name                   : Wi-Fi
    Description            : Realtek RTL8822BE 802.11ac PCIe Adapter
    State                  : connected
    Radio type             : 802.11n
    Receive rate (Mbps)    : 144.4
    Transmit rate (Mbps)   : 144.4
    Signal                 : 62%
`.replaceAll('\n', '\r\n')
const DISCONNECTED = ENGLISH.replace(': connected', ': disconnected')

const folders: string[] = []

/** A tree of files as the system shows it. */
function tree(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'edumon-sys-'))
  folders.push(root)
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return root
}

describe('the context on Linux', () => {
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
  })

  it('follows the default route with the lowest metric', () => {
    expect(parseDefaultRoute(ROUTE)).toBe('eth0')
    expect(parseDefaultRoute(ROUTE.split('\n').slice(0, 1).join('\n'))).toBeNull()
    const zero = '0'.repeat(32)
    const line = (name: string, metric: string) =>
      `${zero} 00 ${zero} 00 fe8000000000000000000000000000ff ${metric} 1 0 3 ${name}`
    expect(
      parseDefaultRoute6([line('lo', '00000001'), line('wlan0', '00000400'), line('eth0', '00000100')].join('\n')),
    ).toBe('eth0')
  })

  it('reads a wired link and its counters', async () => {
    const root = tree({
      'proc/net/route': ROUTE,
      'sys/class/net/eth0/speed': '1000\n',
      'sys/class/net/eth0/device/vendor': '0x8086',
      'sys/class/net/eth0/statistics/rx_bytes': '123456\n',
      'sys/class/net/eth0/statistics/tx_bytes': '654\n',
    })
    expect(await readLinuxLink(root)).toEqual({
      name: 'eth0',
      medium: 'wired',
      wifi_signal_percent: null,
      link_kbps: 1_000_000,
    })
    expect(await readLinuxTraffic('eth0', root)).toEqual({ received_bytes: 123_456, sent_bytes: 654 })
    expect(await readLinuxTraffic('eth1', root)).toBeNull()
  })

  it('reads Wi-Fi with its signal; a rate that the driver does not know is null', async () => {
    const root = tree({
      'proc/net/route': ROUTE.replace(/^eth0.*\n/gm, ''),
      'proc/net/wireless': WIRELESS,
      'sys/class/net/wlan0/wireless/x': '',
      'sys/class/net/wlan0/speed': '-1\n',
    })
    expect(await readLinuxLink(root)).toEqual({
      name: 'wlan0',
      medium: 'wifi',
      wifi_signal_percent: 88,
      link_kbps: null,
    })
    expect(percentOfDbm(-100)).toBe(0)
    expect(percentOfDbm(-30)).toBe(100)
  })

  it('tells a mobile modem from a cable', async () => {
    const files = { 'sys/class/net/eth0/uevent': 'DEVTYPE=wwan\nINTERFACE=eth0\n', 'sys/class/net/eth0/device/x': '' }
    expect((await readLinuxLink(tree({ 'proc/net/route': ROUTE, ...files })))?.medium).toBe('cellular')
  })

  it('calls a bridge unknown, and knows nothing without a route', async () => {
    const root = tree({ 'proc/net/route': ROUTE, 'sys/class/net/eth0/speed': '0' })
    expect(await readLinuxLink(root)).toEqual({
      name: 'eth0',
      medium: 'unknown',
      wifi_signal_percent: null,
      link_kbps: null,
    })
    expect(await readLinuxLink(tree({}))).toBeNull()
  })

  it('tells mains from battery, and a mouse from the computer', async () => {
    const supply = (name: string, files: Record<string, string>) =>
      Object.fromEntries(Object.entries(files).map(([file, text]) => [`sys/class/power_supply/${name}/${file}`, text]))
    const battery = supply('BAT0', { type: 'Battery\n' })
    expect(await readLinuxPower(tree({ ...battery, ...supply('AC', { type: 'Mains', online: '1' }) }))).toBe('mains')
    expect(await readLinuxPower(tree({ ...battery, ...supply('AC', { type: 'Mains', online: '0' }) }))).toBe('battery')
    expect(await readLinuxPower(tree(supply('hid', { type: 'Battery', scope: 'Device' })))).toBe('mains')
    expect(await readLinuxPower(tree({}))).toBe('unknown')
  })
})

describe('the context on Windows', () => {
  it('reads netsh in Russian, in the code page of the console', () => {
    const bytes = iconv.encode(RUSSIAN, 'cp866')
    expect(parseNetsh(decodeConsole(bytes))).toEqual({
      name: 'Беспроводная сеть',
      medium: 'wifi',
      wifi_signal_percent: 87,
      link_kbps: 433_300,
    })
  })

  it('reads netsh in English', () => {
    const found = { name: 'Wi-Fi', medium: 'wifi', wifi_signal_percent: 62, link_kbps: 144_400 }
    expect(parseNetsh(decodeConsole(Buffer.from(ENGLISH)))).toEqual(found)
  })

  it('finds no Wi-Fi that is not connected, and null for what is not said', () => {
    expect(parseNetsh(DISCONNECTED)).toBeNull()
    expect(parseNetsh('Служба автонастройки беспроводной сети (wlansvc) не запущена.')).toBeNull()
    const short = ENGLISH.replace(/ +Signal.*\r\n/, '').replace(/ +Receive.*\r\n/, '')
    expect(parseNetsh(short)).toMatchObject({ wifi_signal_percent: null, link_kbps: null })
  })

  it('reads the counters and the battery in both languages', () => {
    const russian =
      'Статистика интерфейса\r\n\r\n                           Получено          Отправлено\r\n\r\nБайт                     1846370236        293047123\r\nОдноадресные пакеты         1500000           400000\r\n'
    const english =
      'Interface Statistics\r\n\r\n                           Received            Sent\r\n\r\nBytes                    1846370236        293047123\r\nUnicast packets             1500000           400000\r\n'
    for (const text of [russian, english]) {
      expect(parseNetstat(text)).toEqual({ received_bytes: 1_846_370_236, sent_bytes: 293_047_123 })
    }
    expect(parseNetstat('')).toBeNull()
    expect(parseBattery('BatteryStatus  \r\r\n1              \r\r\n')).toBe('battery')
    expect(parseBattery('BatteryStatus  \r\r\n2              \r\r\n')).toBe('mains')
    expect(parseBattery('')).toBe('unknown')
  })
})

describe('other traffic during a test', () => {
  const test = { received_bytes: 100_000_000, sent_bytes: 20_000_000 }
  const before = { received_bytes: 1_000, sent_bytes: 1_000 }

  it('is none when the interface carried the test alone', () => {
    // 4.6 % of headers, and acknowledgements of the other direction.
    const after = { received_bytes: 1_000 + 104_600_000 + 500_000, sent_bytes: 1_000 + 20_900_000 + 2_300_000 }
    expect(otherTraffic(before, after, test)).toEqual({ received_bytes: 0, sent_bytes: 0 })
  })

  it('is what came besides', () => {
    const after = { received_bytes: 1_000 + 205_600_000, sent_bytes: 1_000 + 24_000_000 }
    expect(otherTraffic(before, after, test)).toEqual({ received_bytes: 100_000_000, sent_bytes: 0 })
  })

  it('is not known without counters, after they ran over, on another interface and of a broken test', () => {
    expect(otherTraffic(null, before, test)).toBeNull()
    expect(otherTraffic({ ...before, sent_bytes: 2_000 }, before, test)).toBeNull()
    const link = { name: 'eth0', medium: 'wired', wifi_signal_percent: null, link_kbps: null } as const
    const around = (name: string) => ({ link: { ...link, name }, traffic: before, power: 'mains' as const })
    const direction = { bytes: 10, duration_ms: 10, kbps: 8 }
    const whole = { address_family: 'ipv4' as const, through_proxy: false, download: direction, upload: direction }
    expect(describeContext(around('eth0'), around('eth0'), whole)).toMatchObject({
      own_received_bytes: 0,
      power: 'mains',
    })
    expect(describeContext(around('eth0'), around('wlan0'), whole).own_received_bytes).toBeNull()
    expect(describeContext(around('eth0'), around('eth0'), { ...whole, upload: null }).own_received_bytes).toBeNull()
  })
})
