import { normaliseText } from '../../domain/org-unit-names.ts'

export interface Territory {
  org_unit_id: number
  kind: 'region' | 'municipality' | 'city_district'
  parent_id: number | null
  full_name: string
  short_name: string
  oktmo: string | null
  path: number[]
  /** First day of it, and the first day without it; null while it lasts. */
  valid_from: string
  closed_on: string | null
  /** Municipality and, where known, the city district that it went on as. */
  successor_ids: number[]
}

/** Where a unit stands on a day, and from which day on it stands elsewhere because its territory ended. */
export interface TerritoryStep {
  valid_from: string
  municipality_id: number
  /** Path down to the lowest territory. */
  path: number[]
}

const MUNICIPALITY_WORDS =
  /(?<= |^)(муниципальный|муниципального|муниципальное|образование|район|района|р|н|городской|округ|округа|город|г|о|го|мо|мр|зато|саратовская|область)(?= |$)/g

/** "г. о. Саратов" and "Городской округ Саратов" are one, "Саратовский район" is another. */
function territoryKey(name: string): string {
  return normaliseText(name).replace(MUNICIPALITY_WORDS, '').replace(/ +/g, ' ').trim()
}

/** Finds municipalities and districts by what sheets call them, and follows them through reforms. */
export class TerritoryIndex {
  readonly #byId: Map<number, Territory>
  readonly #all: readonly Territory[]

  constructor(territories: readonly Territory[]) {
    this.#all = territories
    this.#byId = new Map(territories.map((territory) => [territory.org_unit_id, territory]))
  }

  get(id: number): Territory | undefined {
    return this.#byId.get(id)
  }

  findMunicipality(name: string): Territory | undefined {
    const key = territoryKey(name)
    return this.#all.find((territory) => territory.kind === 'municipality' && territoryKey(territory.full_name) === key)
  }

  /** By the first eight digits: settlements have eleven. */
  findByOktmo(oktmo: string): Territory | undefined {
    const code = oktmo.slice(0, 8)
    return this.#all.find((territory) => territory.kind === 'municipality' && territory.oktmo === code)
  }

  findDistrict(name: string, municipality_id: number): Territory | undefined {
    const key = territoryKey(name)
    return this.#all.find(
      (territory) =>
        territory.kind === 'city_district' &&
        territory.parent_id === municipality_id &&
        territoryKey(territory.full_name) === key,
    )
  }

  /** The lowest territory that this one went on as: of a municipality and its new district, the district. */
  #successorOf(territory: Territory): Territory | undefined {
    const successors = territory.successor_ids.map((id) => this.#byId.get(id)).filter((next) => next !== undefined)
    return successors.sort((a, b) => b.path.length - a.path.length)[0]
  }

  /** Steps of a unit from a day on: one, and one more for each later end of the territory that it stands in. */
  follow(territory_id: number, from: string): TerritoryStep[] {
    const steps: TerritoryStep[] = []
    let current = this.#byId.get(territory_id)
    let day = from
    while (current !== undefined) {
      if (current.closed_on === null || current.closed_on > day) {
        const municipality_id = current.path[1] ?? current.org_unit_id
        steps.push({ valid_from: day, municipality_id, path: current.path })
      }
      const closed_on = current.closed_on
      current = closed_on === null ? undefined : this.#successorOf(current)
      if (closed_on !== null && closed_on > day) day = closed_on
    }
    return steps
  }
}
