/** What a page asks the API for when it is opened; `:unit` stands for an organisation, `:place` for a municipality. */
export interface PageVisit {
  name: string
  /** How often it is opened, compared with the others. */
  weight: number
  reads: string[]
}

/** Reads of the frame: they go with every page. */
export const FRAME_READS = ['session']

/**
 * The pages as people use them: mostly lists and cards, now and then the way from a figure to its facts. The reads are
 * those that the page itself makes.
 */
export const PAGE_MIX: readonly PageVisit[] = [
  {
    name: 'sites',
    weight: 20,
    reads: ['sites/overview', 'sites/incidents', 'sites/certificates', 'sites/rule-matrix', 'sites/portals'],
  },
  {
    name: 'sites of a municipality',
    weight: 15,
    reads: ['sites/overview?territory_id=:place', 'sites/incidents?territory_id=:place'],
  },
  { name: 'organisations', weight: 20, reads: ['org-units', 'sites/states'] },
  { name: 'card', weight: 30, reads: ['org-units/:unit', 'org-units/:unit/sites', 'indicators'] },
  { name: 'lineage', weight: 10, reads: ['indicators/working_sites/lineage?territory_id=:place'] },
  { name: 'facts', weight: 3, reads: ['indicators/working_sites/facts?org_unit_id=:unit'] },
  { name: 'dictionaries', weight: 2, reads: ['dictionaries', 'territories'] },
]
