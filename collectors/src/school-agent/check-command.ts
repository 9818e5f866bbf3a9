import type { AgentConfig } from './config.ts'
import { CAUSE_TEXTS } from './cause-texts.ts'
import { createOutside, type Outside } from './create-agent.ts'
import { findBuilding } from './due-test.ts'
import { proxyFor } from './config.ts'
import { formatSpeed } from './status-page.ts'
import type { AgentAnswer } from './agent-api.ts'

type Print = (line: string) => void

const CLOCK_LIMIT_S = 120

function explain(answer: AgentAnswer<unknown> & { ok: false }): string {
  switch (answer.problem) {
    case 'unreachable':
      return `${CAUSE_TEXTS[answer.cause]} (${answer.detail})`
    case 'later':
      return `отвечает не сервер мониторинга, или он занят: ${answer.detail}`
    case 'refused':
      return 'сервер не принимает ключ школы. Проверьте token в настройках'
    case 'unreadable':
      return `сервер не понял запрос: ${answer.detail}`
  }
}

async function checkPlan({ api }: Outside, building_id: number | null, print: Print): Promise<number | null> {
  const answer = await api.getPlan()
  if (!answer.ok) {
    print(`✗ Ключ школы: ${explain(answer)}`)
    return null
  }
  const { buildings } = answer.value
  const building =
    building_id === null ? (buildings.length === 1 ? buildings[0] : null) : findBuilding(answer.value, building_id)
  if (building == null) {
    print('✗ Здание: укажите building_id в настройках, одно из:')
    for (const { org_unit_id, name } of buildings) print(`    ${org_unit_id}  ${name}`)
    return null
  }
  print(`✓ Здание: ${building.name}`)
  return building.org_unit_id
}

async function checkTest({ api, measure }: Outside, org_unit_id: number, print: Print): Promise<boolean> {
  const ticket = await api.getTicket({ org_unit_id })
  if (!ticket.ok) {
    print(`✗ Разрешение на измерение: ${explain(ticket)}`)
    return false
  }
  print('… Пробное измерение, около 25 секунд. Его результат никуда не отправляется')
  const { outcome, context } = await measure(ticket.value, new AbortController().signal)
  if (outcome.cause !== null) {
    print(`✗ Измерение: ${CAUSE_TEXTS[outcome.cause]} (${outcome.detail ?? ''})`)
    return false
  }
  const { download, upload } = outcome
  print(`✓ Измерение: приём ${formatSpeed(download?.kbps ?? 0)}, передача ${formatSpeed(upload?.kbps ?? 0)}`)
  const media = { wired: 'кабель', wifi: 'Wi-Fi', cellular: 'сотовая сеть', unknown: 'не определено' }
  print(`  Подключение: ${media[context.medium]}`)
  if (context.medium === 'wifi') print('! Измеряйте по кабелю: скорость Wi-Fi ниже скорости линии')
  return true
}

/**
 * Tries all that the agent will need, and prints in plain words what would hinder it; for whoever installs it.
 * @returns whether nothing does
 */
export async function runCheck(config: AgentConfig, print: Print): Promise<boolean> {
  const outside = createOutside(config)
  const proxy = proxyFor(config.server.hostname, config)
  print(`Сервер ${config.server.origin}, ${proxy === null ? 'без прокси' : `через прокси ${proxy.host}`}`)
  const ping = await outside.api.ping()
  if (!ping.ok) {
    print(`✗ Сервер: ${explain(ping)}`)
    return false
  }
  print('✓ Сервер отвечает')
  const ahead_s = Math.round((outside.clock.aheadBy() ?? 0) / 1000)
  const isClockRight = Math.abs(ahead_s) <= CLOCK_LIMIT_S
  const clock = `${ahead_s > 0 ? 'спешат' : 'отстают'} на ${Math.abs(ahead_s)} с`
  print(isClockRight ? '✓ Часы идут верно' : `✗ Часы ${clock}. Настройте время`)
  const org_unit_id = await checkPlan(outside, config.building_id, print)
  if (org_unit_id === null) return false
  return (await checkTest(outside, org_unit_id, print)) && isClockRight
}
