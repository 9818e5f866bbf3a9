import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chromium, type Browser } from 'playwright-core'

const KNOWN_PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Flags that keep the browser from speaking to anybody but our pages, and let root run it. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

function installFromDebian(): void {
  console.log("Installing Chromium from Debian's packages")
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  spawnSync('apt-get', ['update', '-qq'], { stdio: 'inherit', env })
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], { stdio: 'inherit', env })
}

/**
 * Path of the browser for the tests: EDUMON_CHROMIUM, a known place, or Debian's package, installed when we are root.
 * @throws with the way to get one: a missing browser fails the browser tests, it never skips them
 */
export function findChromium(): string {
  const given = process.env['EDUMON_CHROMIUM']
  if (given !== undefined && given !== '') {
    if (!existsSync(given)) throw new Error(`EDUMON_CHROMIUM: found "${given}", expected the path of a browser`)
    return given
  }
  const find = (): string | undefined => KNOWN_PLACES.find((place) => existsSync(place))
  if (find() === undefined && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) installFromDebian()
  const found = find()
  if (found === undefined) {
    throw new Error('The browser tests need Chromium: run "apt-get install chromium" as root, or set EDUMON_CHROMIUM')
  }
  return found
}

export async function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: findChromium(), args: FLAGS })
}
