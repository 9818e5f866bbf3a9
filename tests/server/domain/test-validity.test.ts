import { describe, expect, it } from 'vitest'
import { judgeValidity, type JudgedTest } from '../../../server/src/domain/test-validity.ts'

const side = (kbps: number, was_cut_off = false) => ({ kbps, duration_ms: 10_000, was_cut_off })
const context = {
  medium: 'wired' as const,
  wifi_signal_percent: null,
  link_kbps: 1_000_000,
  own_received_bytes: 0,
  own_sent_bytes: 0,
}
const good: JudgedTest = {
  method: 'agent',
  download_kbps: 80_000,
  upload_kbps: 40_000,
  has_failed: false,
  context,
  server: { clock_difference_ms: 0, download: side(80_500), upload: side(39_800) },
  is_school_hour: true,
  is_excused: false,
}
const wifi = { ...context, medium: 'wifi' as const, wifi_signal_percent: 70, link_kbps: 300_000 }

describe('judgeValidity', () => {
  it.each<[string, Partial<JudgedTest>, string]>([
    ['takes a wired test in school hours that both sides saw', {}, 'valid'],
    [
      'takes one of whose surroundings nothing is known',
      { context: { ...context, medium: 'unknown', link_kbps: null, own_received_bytes: null, own_sent_bytes: null } },
      'valid',
    ],
    [
      'sets a failed one aside, whatever else holds',
      { has_failed: true, download_kbps: null, server: null, is_school_hour: false },
      'failed',
    ],
    ['sets one aside that the server has no record of', { server: null }, 'unconfirmed'],
    ['asks no record of modelled history', { server: 'not_asked' }, 'valid'],
    [
      'keeps apart what the sides see differently',
      { server: { clock_difference_ms: 0, download: side(110_000), upload: side(39_800) } },
      'sides_differ',
    ],
    [
      'keeps apart a client that claims more than was sent',
      { server: { clock_difference_ms: 0, download: side(50_000), upload: side(39_800) } },
      'sides_differ',
    ],
    [
      'keeps apart a direction that the server never saw',
      { server: { clock_difference_ms: 0, download: side(80_000), upload: null } },
      'sides_differ',
    ],
    [
      'keeps apart what the clocks put into different hours',
      { server: { clock_difference_ms: -3_600_000, download: side(80_000), upload: side(40_000) } },
      'sides_differ',
    ],
    ['excuses the days of a dated status', { is_excused: true, is_school_hour: false }, 'excused'],
    ['keeps evenings and days off apart', { is_school_hour: false }, 'off_hours'],
    [
      'keeps a test apart beside which the computer loaded 20 MB',
      { context: { ...context, own_received_bytes: 20_000_000 } },
      'own_traffic',
    ],
    ['overlooks own traffic that changes little', { context: { ...context, own_received_bytes: 9_000_000 } }, 'valid'],
    ['sees own traffic of the other direction', { context: { ...context, own_sent_bytes: 6_000_000 } }, 'own_traffic'],
    ['takes Wi-Fi with a good signal', { context: wifi }, 'valid'],
    ['keeps Wi-Fi with a weak signal apart', { context: { ...wifi, wifi_signal_percent: 39 } }, 'weak_wifi'],
    ['takes what a browser says for a lower bound', { method: 'browser' }, 'lower_bound'],
    [
      'does not hold a card of 100 Мбит/с against the line',
      {
        download_kbps: 94_000,
        context: { ...context, link_kbps: 100_000 },
        server: { clock_difference_ms: 0, download: side(94_500), upload: side(39_800) },
      },
      'lower_bound',
    ],
    [
      'holds 30 Мбит/с behind such a card against the line',
      {
        download_kbps: 30_000,
        context: { ...context, link_kbps: 100_000 },
        server: { clock_difference_ms: 0, download: side(30_500), upload: side(39_800) },
      },
      'valid',
    ],
  ])('%s', (_name, change, expected) => {
    expect(judgeValidity({ ...good, ...change })).toBe(expected)
  })

  it('takes a download that was cut off for what had left the server, not for what had come', () => {
    const slow = { ...good, download_kbps: 7800 }
    const seen = (kbps: number, was_cut_off: boolean) => ({
      server: { clock_difference_ms: 0, download: side(kbps, was_cut_off), upload: side(40_000) },
    })
    expect(judgeValidity({ ...slow, ...seen(12_000, true) })).toBe('valid')
    expect(judgeValidity({ ...slow, ...seen(12_000, false) })).toBe('sides_differ')
    // Nobody may call a line slow that has carried much more, nor fast that has carried less.
    expect(judgeValidity({ ...slow, ...seen(60_000, true) })).toBe('sides_differ')
    expect(judgeValidity({ ...slow, ...seen(5000, true) })).toBe('sides_differ')
  })

  it('lets the sender be ahead by what buffers hold on a slow line, and the receiver not', () => {
    const slow = { ...good, download_kbps: 2000, upload_kbps: 4000 }
    expect(
      judgeValidity({ ...slow, server: { clock_difference_ms: 0, download: side(4800), upload: side(1500) } }),
    ).toBe('valid')
    expect(
      judgeValidity({ ...slow, server: { clock_difference_ms: 0, download: side(6000), upload: side(1500) } }),
    ).toBe('sides_differ')
    expect(
      judgeValidity({ ...slow, server: { clock_difference_ms: 0, download: side(2000), upload: side(6000) } }),
    ).toBe('sides_differ')
  })
})
