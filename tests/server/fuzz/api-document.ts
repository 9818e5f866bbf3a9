/** The part of JSON Schema that the API's document uses. */
export interface Schema {
  $ref?: string
  type?: string | string[]
  format?: string
  enum?: unknown[]
  const?: unknown
  anyOf?: Schema[]
  items?: Schema | false
  /** A list of fixed places; `items` is false then. */
  prefixItems?: Schema[]
  minItems?: number
  maxItems?: number
  properties?: Record<string, Schema>
  required?: string[]
  additionalProperties?: boolean | Schema
  pattern?: string
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
}

interface Content {
  content?: Record<string, { schema?: Schema }>
}

export interface Parameter {
  name: string
  in: 'path' | 'query' | 'header' | 'cookie'
  required?: boolean
  schema: Schema
}

interface DocumentedOperation {
  operationId: string
  parameters?: Parameter[]
  requestBody?: Content
  responses: Record<string, Content>
}

export interface ApiDocument {
  paths: Record<string, Record<string, DocumentedOperation>>
  components: { schemas: Record<string, Schema> }
}

/** One route with what it takes and what it answers. */
export interface Operation {
  name: string
  method: string
  path: string
  parameters: Parameter[]
  /** Media type and schema of the body; null: it takes none. */
  body: { media_type: string; schema: Schema } | null
  /** Statuses that it declares, and whether their answer is JSON. */
  responses: ReadonlyMap<number, { media_type: string | null }>
}

export function listOperations(document: ApiDocument): Operation[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const [media_type, content] = Object.entries(operation.requestBody?.content ?? {})[0] ?? []
      return {
        name: operation.operationId,
        method: method.toUpperCase(),
        path,
        parameters: operation.parameters ?? [],
        body: media_type === undefined ? null : { media_type, schema: content?.schema ?? {} },
        responses: new Map(
          Object.entries(operation.responses).map(([status, answer]) => [
            Number(status),
            { media_type: Object.keys(answer.content ?? {})[0] ?? null },
          ]),
        ),
      }
    }),
  )
}
