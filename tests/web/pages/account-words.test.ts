import { describe, expect, it } from 'vitest'
import { nameBrowser } from '../../../web/src/pages/account/browser-name.ts'
import { findNewPasswordFaults } from '../../../web/src/pages/account/new-password.ts'
import { readCode } from '../../../web/src/pages/second-factor/code.ts'

describe('nameBrowser', () => {
  it.each([
    ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox, Linux'],
    [
      'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 YaBrowser/25.8 Safari/537.36',
      'Яндекс Браузер, Windows',
    ],
    ['Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0', 'Edge, Windows'],
    ['Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36', 'Chrome, Android'],
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1', 'Safari, iOS'],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1.15', 'Safari, macOS'],
    ['curl/8.14 (Linux)', 'Linux'],
    ['node', null],
    ['', null],
  ])('reads %s', (user_agent, name) => expect(nameBrowser(user_agent)).toBe(name))
})

describe('findNewPasswordFaults', () => {
  const PASSWORD = 'twelve signs'
  it('tells the length before the repetition', () => {
    expect(findNewPasswordFaults('eleven sign', '')).toEqual({ password: 'too_short' })
    expect(findNewPasswordFaults(PASSWORD, 'twelve sings')).toEqual({ repeated: 'differs' })
  })
  it('takes twelve signs, typed twice', () => expect(findNewPasswordFaults(PASSWORD, PASSWORD)).toEqual({}))
})

describe('readCode', () => {
  it.each([
    ['123456', '123456'],
    [' 123 456 ', '123456'],
    ['ABCDE-23456', 'abcde-23456'],
    ['abcde23456', 'abcde-23456'],
    ['abc de234 56', 'abcde-23456'],
    ['12345', null],
    ['1234567', null],
    ['abcde-2345', null],
    ['абвгд-23456', null],
    ['', null],
  ])('reads "%s"', (text, code) => expect(readCode(text)).toBe(code))
})
