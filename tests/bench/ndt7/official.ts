import { randomUUID } from 'node:crypto'
import { runOfficialClient, type OfficialDirection } from '../../factories/official-client.ts'

/**
 * Official clients at once, each in a thread of its own. It prints what they moved together and how many completed
 * both directions. Of an upload the server's last message counts, which the client shows: what has come there.
 */
const [server = '', clients = '1'] = process.argv.slice(2)

const results = await Promise.all(
  Array.from({ length: Number(clients) }, () => runOfficialClient(server, randomUUID())),
)

interface Stretch {
  bytes: number
  from_ms: number
  until_ms: number
}

function downloadOf({ started_ms, client }: OfficialDirection): Stretch {
  const { NumBytes = 0, ElapsedTime = 0 } = client ?? {}
  return { bytes: NumBytes, from_ms: started_ms, until_ms: started_ms + ElapsedTime * 1000 }
}

function uploadOf({ started_ms, server: seen }: OfficialDirection): Stretch {
  const { NumBytes = 0, ElapsedTime = 0 } = seen?.AppInfo ?? {}
  return { bytes: NumBytes, from_ms: started_ms, until_ms: started_ms + ElapsedTime / 1000 }
}

/** All bytes by the time in which at least one client was at it, Mbit/s: one alone fills the link too. */
function speedOf(stretches: readonly Stretch[]): number {
  const bytes = stretches.reduce((total, stretch) => total + stretch.bytes, 0)
  const from_ms = Math.min(...stretches.map((stretch) => stretch.from_ms))
  const until_ms = Math.max(...stretches.map((stretch) => stretch.until_ms))
  return (bytes * 8) / (until_ms - from_ms) / 1000
}

console.log(
  JSON.stringify({
    completed: results.filter(({ code }) => code === 0).length,
    download: speedOf(results.flatMap(({ download }) => (download === null ? [] : [downloadOf(download)]))),
    upload: speedOf(results.flatMap(({ upload }) => (upload === null ? [] : [uploadOf(upload)]))),
  }),
)
