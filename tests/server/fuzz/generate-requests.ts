import fc, { type Arbitrary } from 'fast-check'
import type { ApiDocument, Operation, Parameter, Schema } from './api-document.ts'
import { anyJson, fitting, fromSchema } from './generate-values.ts'

/** One request as it is sent. */
export interface FuzzRequest {
  method: string
  path: string
  headers: Record<string, string>
  body: Buffer | null
}

/** Values of earlier answers by field, so that requests name things that are there. */
export type Seen = ReadonlyMap<string, readonly unknown[]>

const SPOILED = 8
const MEDIA_TYPES = [
  ...['application/json', 'text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'garbage', ''],
  ...['application/octet-stream', 'application/json; charset=utf-16', 'multipart/form-data; boundary=x'],
]
const FILE = 'Краткое наименование;ИНН;Сайт\r\nМБОУ «СОШ № 1»;6449000000;https://school.example\r\n'
const MULTIPART = [
  '--x\r\ncontent-disposition: form-data; name="f"; filename="../../a\0.csv"\r\n\r\na;b\r\n--x--\r\n',
  '--x\r\ncontent-disposition: form-data\r\n\r\n',
  '--y--',
]
const RAW_JSON = [
  '',
  '{',
  '[1,]',
  '{"a":1,"a":2}',
  '"\\ud800"',
  '1e999',
  'NaN',
  '['.repeat(5000),
  '{"__proto__":{"x":1}}',
]

const toBytes = (content: string | Uint8Array): Buffer => Buffer.from(content)

/** Files that uploads get: a sheet, the beginnings of workbooks, nothing, noise. */
const anyBytes: Arbitrary<Buffer> = fc.oneof(
  fc
    .constantFrom(FILE, '', 'PK\x03\x04', 'PK\x03\x04'.repeat(100), '\ufeff', '\xd0\xcf\x11\xe0', ...MULTIPART)
    .map(toBytes),
  fc.uint8Array({ maxLength: 300 }).map(toBytes),
)

const anyRaw: Arbitrary<Buffer> = fc.oneof(fc.constantFrom(...RAW_JSON).map(toBytes), anyBytes)

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** A text within an address; half a character cannot be written there, its bytes can. */
function encode(value: unknown): string {
  const text = asText(value)
  return text.isWellFormed() ? encodeURIComponent(text) : '%ED%A0%80'
}

function bodyOf(
  { body, method }: Operation,
  schemas: Record<string, Schema>,
): Arbitrary<{ bytes: Buffer | null; type: string }> {
  if (body === null) {
    const none = fc.constant({ bytes: null, type: '' })
    const unasked = fc.record({ bytes: anyRaw, type: fc.constantFrom(...MEDIA_TYPES) })
    if (method === 'GET') return fc.oneof({ weight: 5, arbitrary: none }, { weight: 1, arbitrary: unasked })
    // Raw bytes are no part of the document: a file may be what a command without a described body asks for.
    const file = fc.record({ bytes: anyBytes, type: fc.constant('application/octet-stream') })
    return fc.oneof(none, { weight: 2, arbitrary: file }, unasked)
  }
  const isJson = body.media_type === 'application/json'
  const written = (value: unknown): Buffer => Buffer.from(JSON.stringify(value))
  const allowed = isJson ? fromSchema(body.schema, schemas, 0).map(written) : anyBytes
  const spoiled = isJson ? fromSchema(body.schema, schemas, SPOILED).map(written) : anyBytes
  const odd = fc.oneof(anyRaw, anyJson.map(written))
  const typed = (bytes: Arbitrary<Buffer>, type: Arbitrary<string>) => fc.record({ bytes, type })
  return fc.oneof(
    { weight: 4, arbitrary: typed(allowed, fc.constant(body.media_type)) },
    { weight: 4, arbitrary: typed(spoiled, fc.constant(body.media_type)) },
    { weight: 1, arbitrary: typed(odd, fc.constant(body.media_type)) },
    { weight: 1, arbitrary: typed(fc.oneof(allowed, odd), fc.constantFrom(...MEDIA_TYPES)) },
  )
}

function valueOf(parameter: Parameter, schemas: Record<string, Schema>, seen: Seen): Arbitrary<unknown> {
  const fields = parameter.name === 'id' ? ['org_unit_id', 'import_id', 'territory_id'] : [parameter.name]
  const known = fields.flatMap((field) => seen.get(field) ?? [])
  const fresh = fitting(parameter.name, parameter.schema, fromSchema(parameter.schema, schemas, SPOILED))
  if (known.length === 0) return fresh
  return fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...known) }, { weight: 1, arbitrary: fresh })
}

/** Requests to one route: such as it asks for, such at the edges of it, and such as nobody should send. */
export function requestsTo(operation: Operation, document: ApiDocument, seen: Seen): Arbitrary<FuzzRequest> {
  const { schemas } = document.components
  const pathParameters = operation.parameters.filter((parameter) => parameter.in === 'path')
  const queryParameters = operation.parameters.filter((parameter) => parameter.in === 'query')
  const path = fc.tuple(...pathParameters.map((parameter) => valueOf(parameter, schemas, seen)))
  const query = fc.record(
    Object.fromEntries([
      ...queryParameters.map((parameter) => [parameter.name, valueOf(parameter, schemas, seen)] as const),
      ['unknown', fc.constantFrom<unknown>('', null, [], '\0', 'x', { a: 1 })] as const,
    ]),
    { requiredKeys: queryParameters.filter(({ required }) => required === true).map(({ name }) => name) },
  )
  const headers = fc.record(
    {
      accept: fc.constantFrom('*/*', 'text/html', 'garbage'),
      'if-none-match': fc.constantFrom('*', '"0-0"', 'x'.repeat(1000)),
      'x-forwarded-for': fc.constantFrom('192.0.2.1', ',,,', 'x'.repeat(500)),
      authorization: fc.constantFrom('Bearer ', 'Basic AAAA', `Bearer ${'x'.repeat(2000)}`),
      cookie: fc.constantFrom('a=b', '=;=', 'edumon_session=x'),
    },
    { requiredKeys: [] },
  )
  return fc
    .record({ path, query, headers, body: bodyOf(operation, schemas), isBare: fc.integer({ min: 0, max: 2 }) })
    .map(({ path, query, headers, body, isBare }) => {
      const filled = pathParameters.reduce(
        (text, parameter, no) => text.replace(`{${parameter.name}}`, encode(path[no])),
        operation.path,
      )
      // A list is its name once for each value, unless it is none.
      const pairs = Object.entries(query).flatMap(([name, value]) =>
        [value]
          .flat()
          .slice(0, 50)
          .map((part) => `${name}=${encode(part)}`),
      )
      return {
        method: operation.method,
        path: pairs.length === 0 ? filled : `${filled}?${pairs.join('&')}`,
        headers: { ...(isBare === 0 ? headers : {}), ...(body.type === '' ? {} : { 'content-type': body.type }) },
        body: body.bytes,
      }
    })
}
