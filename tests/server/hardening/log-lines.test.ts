import { Writable } from 'node:stream'
import pg from 'pg'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { describeError, loggerOptions } from '../../../server/src/log-lines.ts'

const { DatabaseError } = pg

function logged(fields: object): string {
  let text = ''
  const stream = new Writable({
    write(part: Buffer, _encoding, done) {
      text += part.toString()
      done()
    },
  })
  const options = loggerOptions('info')
  if (options === false) throw new Error('the log is silent')
  pino(options, stream).info(fields, 'line')
  return text
}

describe('loggerOptions', () => {
  it.each([
    ['a header', { headers: { authorization: 'sesame' } }],
    ['a header of a request', { req: { headers: { cookie: 'sesame' } } }],
    ['a cookie that is set', { res: { headers: { 'set-cookie': 'sesame' } } }],
    ['a password of a body', { body: { password: 'sesame' } }],
    ['a setting', { config: { DATABASE_URL: 'sesame' } }],
    ['a token', { token: 'sesame' }],
    ['an address in an error', { err: new Error('cannot connect to postgres://app:sesame@db/edumon') }],
    ['an address in the cause of an error', { err: new Error('x', { cause: new Error('http://a:sesame@b') }) }],
    ['a token in an error', { err: new Error('refused: Bearer sesame123') }],
    ['a value of a row in an error', { err: Object.assign(new Error('x'), { detail: 'Key (name)=(sesame) exists' }) }],
  ])('hides %s', (_name, fields) => {
    expect(logged(fields)).not.toContain('sesame')
  })

  it('keeps of an error of PostgreSQL where it arose, and nothing of its texts, which may quote values', () => {
    const error = new DatabaseError('invalid input syntax for type bigint: "sesame"', 60, 'error')
    const place = { code: '22P02', table: 'org_unit', column: 'inn', constraint: 'inn_check', routine: 'pg_strtoint64' }
    Object.assign(error, { ...place, detail: 'Failing row contains (sesame)', hint: 'sesame', where: 'sesame' })
    for (const err of [error, new Error('not stored', { cause: error })])
      expect(logged({ err })).not.toContain('sesame')
    const described = describeError(error)
    expect(described).toMatchObject({ type: 'error', message: 'PostgreSQL 22P02', ...place })
    expect(described.stack).toMatch(/^ +at .*log-lines\.test\.ts/)
  })

  it('keeps what finds the fault', () => {
    const error = Object.assign(new Error('relation is missing'), { code: '42P01' })
    expect(describeError(error)).toMatchObject({ type: 'Error', message: 'relation is missing', code: '42P01' })
    expect(logged({ route: '/api/v1/imports', status: 500 })).toContain('"route":"/api/v1/imports","status":500')
  })
})
