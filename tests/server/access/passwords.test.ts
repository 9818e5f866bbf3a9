import { describe, expect, it } from 'vitest'
import { findPasswordFault, hashPassword, isPassword } from '../../../server/src/access/passwords.ts'

const NAMES = ['anna.sedova', 'Анна Седова']

describe('findPasswordFault', () => {
  it.each([
    ['короткий11', 'too_short'],
    ['х'.repeat(201), 'too_long'],
    ['ababababababab', 'too_plain'],
    ['my-qwerty-password', 'keyboard_row'],
    ['пароль-ЙЦУКЕН-2026', 'keyboard_row'],
    ['тайна-123456-тайна', 'keyboard_row'],
    ['тайное-тайное-', 'repeated'],
    ['horsey1 horsey2', 'repeated'],
    ['Пароль-2026-школа!', 'common_words'],
    ['Welcome-admin-2026', 'common_words'],
    ['gfhjkm gfhjkm1970', 'repeated'],
    ['gfhjkm irjkf 1970', 'common_words'],
    ['я Седова и пароль', 'names_the_person'],
    ['SEDOVA forever yours', 'names_the_person'],
  ])('refuses %j: %s', (password, fault) => {
    expect(findPasswordFault(password, NAMES)).toBe(fault)
  })

  it.each([
    'верный конь и скрепка',
    'correct horse battery',
    'школа у синей реки',
    'k7-q2-x9-m4-w8-z1',
    '8271 9405 3361 7729',
    'дождь в степи',
  ])('takes %j', (password) => {
    expect(findPasswordFault(password, NAMES)).toBeNull()
  })
})

describe('isPassword', () => {
  it('knows the password by an Argon2id hash with a salt of its own', async () => {
    const [first, second] = [await hashPassword('верный конь'), await hashPassword('верный конь')]
    expect(first).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(first).not.toBe(second)
    expect(await isPassword(first, 'верный конь')).toBe(true)
    expect(await isPassword(first, 'верный конь ')).toBe(false)
  })

  it('says no where there is none, also to the decoy', async () => {
    expect(await isPassword(null, 'верный конь')).toBe(false)
    expect(await isPassword(null, 'nobody has this password')).toBe(false)
  })
})
