import type { components } from './schema.gen.ts'

type Schemas = components['schemas']

export type CauseEntry = Schemas['CauseEntry']
export type CertificateRow = Schemas['CertificateRow']
export type CollectorRow = Schemas['CollectorRow']
export type CollectorsOverview = Schemas['CollectorsOverview']
/** The client hands the pairs of headers on as lists. */
export type Evidence = Omit<Schemas['Evidence'], 'headers'> & { headers: string[][] }
export type Figure = Schemas['Figure']
export type Finding = Schemas['FindingRow']
export type HumanCheckEntry = Schemas['HumanCheckEntry']
export type Incident = Schemas['IncidentRow']
export type IndicatorCard = Schemas['IndicatorCard']
export type LineageFact = Schemas['LineageFact']
export type LineageUnit = Schemas['LineageUnit']
export type Objection = Schemas['ObjectionRow']
export type ObjectionCard = Schemas['ObjectionCard']
export type ObjectionEntry = Schemas['ObjectionEntry']
export type DecisionEntry = Schemas['DecisionEntry']
export type OrgUnitCard = Schemas['OrgUnitCard']
export type OrgUnitRow = Schemas['OrgUnitRow']
export type PortalRow = Schemas['PortalRow']
export type RuleMatrixCell = Schemas['RuleMatrixCell']
/** As pages see it: cells hold the judgements that the answer numbers. */
export type RuleMatrixRow = Omit<Schemas['RuleMatrixRow'], 'cells'> & { cells: (RuleMatrixCell | null)[] }
export type RuleMatrix = Omit<Schemas['RuleMatrix'], 'rows' | 'cell_kinds'> & { rows: RuleMatrixRow[] }
export type SiteAudit = Schemas['SiteAuditCard']
export type SiteCard = Schemas['SiteCard']
export type SiteCheck = Schemas['SiteCheckRow']
export type SiteState = Schemas['SiteStateRow']
export type SitesOverview = Schemas['SitesOverview']
export type Subsection = Schemas['SubsectionRow']
export type SubsectionEntry = Schemas['SubsectionEntry']
export type SessionPerson = NonNullable<SessionView['person']>
export type SessionView = Schemas['SessionView']
export type RecheckProgress = Schemas['RecheckProgress']
export type SchoolTask = Schemas['SchoolTask']
export type SchoolTasks = Schemas['SchoolTasks']
export type MunicipalityTasks = Schemas['MunicipalityTasks']
export type Capability = SessionPerson['capabilities'][number]
export type WorkQueue = Schemas['WorkQueue']
