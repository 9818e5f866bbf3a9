import { randomUUID } from 'node:crypto'
import type { Jurisdiction } from '../../../server/src/db/access-scope.ts'
import { systemAuthor } from '../../../server/src/db/audit-author.ts'
import { issueSchoolCode } from '../../../server/src/speed-tickets/school-code.ts'
import {
  humanCheckEntry,
  insertPlaceGrant,
  insertPlaceObjection,
  issuePlaceToken,
  makeChunk,
  UNKNOWN_ID,
  type Place,
  type TwoMunicipalities,
} from '../../factories/two-municipalities.ts'
import { SUBJECTS, type SubjectName } from './matrix-subjects.ts'
import { regionDay } from '../../setup/region-day.ts'

/** How a request ends, as far as access goes. `done`: it was let through, whatever the route then made of it. */
export type Outcome = 'done' | '401' | 'second_factor' | '403' | '404'

export interface MatrixRequest {
  /** Path after /api/v1. */
  path: string
  payload?: object | Buffer
}

export interface Expectation {
  /** Who may do it. All others: 401 for nobody, the second factor first, or 403. */
  may: readonly SubjectName[]
  /** What it is asked about; absent: about nothing, it is asked once. */
  about?: (place: Place, world: TwoMunicipalities) => MatrixRequest | Promise<MatrixRequest>
  plain?: MatrixRequest | ((world: TwoMunicipalities) => Promise<MatrixRequest>)
  /**
   * `hidden`: what is not one's own answers 404. `filtered`: it answers, and shows nothing of it. Of what does not exist
   * `hidden` answers 404 to everybody.
   */
  others?: 'hidden' | 'filtered'
  /** What everybody who may gets, where it is not "done". */
  answer?: Outcome
  /** Exceptions to all of this. */
  except?: Partial<Record<SubjectName, Outcome>>
}

const PEOPLE: readonly SubjectName[] = SUBJECTS.filter(
  (name) => !name.endsWith('_token') && name !== 'nobody' && name !== 'half_signed_in',
)
const WITH_SESSION: readonly SubjectName[] = [...PEOPLE, 'half_signed_in']
const READERS: readonly SubjectName[] = [...PEOPLE, 'export_token']
const SITE_READERS: readonly SubjectName[] = [...READERS, 'school_token']
const ADMINISTRATORS: readonly SubjectName[] = ['administrator', 'local_administrator']
const EDITORS: readonly SubjectName[] = ['ministry_analyst', 'institute_staff']
const SENDERS: readonly SubjectName[] = [...EDITORS, 'municipal_specialist', 'upload_token']
const IMPORT_READERS: readonly SubjectName[] = [...SENDERS, ...ADMINISTRATORS, 'municipal_head', 'auditor']
const RECHECKERS: readonly SubjectName[] = [...EDITORS, 'municipal_head', 'municipal_specialist', 'school_operator']
const AUDITORS: readonly SubjectName[] = [...ADMINISTRATORS, 'ministry_analyst', 'municipal_head', 'auditor']
const COLLECTION_READERS: readonly SubjectName[] = [...EDITORS, ...ADMINISTRATORS, 'auditor']
const CODE_GIVERS: readonly SubjectName[] = [
  ...ADMINISTRATORS,
  ...(['municipal_head', 'municipal_specialist', 'school_operator'] as const),
]
const COLLECTORS: readonly SubjectName[] = ['collector_token', 'other_collector_token']

const INDICATOR = 'working_sites'
const PASSWORD = 'верный конь и скрепка'
const collector = { name: 'test', version: '1', vantage: 'local' }

function jurisdictionOf(place: Place, world: TwoMunicipalities): Jurisdiction {
  const founder_kinds: Jurisdiction['founder_kinds'] = place === world.college ? ['regional'] : ['municipal']
  return { org_unit_id: place.municipality_id, founder_kinds }
}

function grantEntry(place: Place, world: TwoMunicipalities) {
  const term = { valid_from: '2026-01-01', valid_to: null, stand_in_for_user_id: null }
  return { role: 'municipal_specialist', ...jurisdictionOf(place, world), ...term }
}

const get = (path: string): MatrixRequest => ({ path })
const PUBLIC = { may: SUBJECTS } as const
const read = (may: readonly SubjectName[], path: string): Expectation => ({ may, plain: get(path) })
const filtered = (may: readonly SubjectName[], path: string): Expectation => ({
  may,
  about: ({ school_id }) => get(`${path}?territory_id=${school_id}`),
  others: 'filtered',
})
const figures = (path: string): Expectation => ({
  may: READERS,
  about: ({ school_id }) => get(`${path}?territory_id=${school_id}`),
  others: 'hidden',
})
const speeds = (path: string): Expectation => ({ ...figures(path), may: SITE_READERS })
/** A file about one unit, which leaves an event with that unit: it is made for those alone who may ask of it. */
const exportOf = (may: readonly SubjectName[], path: string, parameter: string): Expectation => ({
  may,
  about: ({ school_id }) => get(`${path}?${parameter}=${school_id}`),
  others: 'hidden',
})
const ofObjection = (may: readonly SubjectName[], path: string, payload?: object): Expectation => ({
  may,
  about: async (place, { client }) => ({
    path: `/org-units/${place.school_id}/objections/${await insertPlaceObjection(client, place)}${path}`,
    ...(payload === undefined ? {} : { payload }),
  }),
  others: 'hidden',
})
/** By the code of a school that is no more: wrong codes would be counted, and stop those who ask after. */
const byCode = (path: string, payload: object): Expectation => ({
  may: SUBJECTS,
  plain: async ({ client }) => {
    const { code } = await issueSchoolCode(client.database.db, UNKNOWN_ID, systemAuthor('test'))
    return { path, payload: { ...payload, code } }
  },
  answer: '404',
})
const ofImport = (may: readonly SubjectName[], path: string, payload?: () => object): Expectation => ({
  may,
  about: ({ import_id }) => ({ path: `/imports/${import_id}${path}`, ...(payload ? { payload: payload() } : {}) }),
  others: 'hidden',
})

/** Every operation of the API: who may, and on what. A new operation needs its line here. */
export const EXPECTATIONS: Readonly<Record<string, Expectation>> = {
  getHealth: { ...PUBLIC, plain: get('/health') },
  getReadiness: { ...PUBLIC, plain: get('/ready') },
  getOpenApi: { ...PUBLIC, plain: get('/openapi.json') },
  getSession: { ...PUBLIC, plain: get('/session') },
  signIn: { ...PUBLIC, plain: { path: '/sign-in', payload: { login: 'unknown', password: 'unknown' } } },
  lookAtLink: { ...PUBLIC, plain: { path: '/sign-in/link', payload: { link: 'unknown' } }, answer: '404' },
  setPasswordByLink: {
    ...PUBLIC,
    plain: { path: '/sign-in/link/password', payload: { link: 'unknown', password: PASSWORD } },
    answer: '404',
  },
  beginOpenIdConnect: { ...PUBLIC, plain: get('/sign-in/openid-connect'), answer: '404' },
  finishOpenIdConnect: { ...PUBLIC, plain: get('/sign-in/openid-connect/callback'), answer: '404' },

  signOut: { may: WITH_SESSION, plain: get('/session') },
  showSecondFactor: {
    may: WITH_SESSION,
    plain: { path: '/sign-in/second-factor', payload: { code: '000000' } },
  },
  getSecondFactor: { may: WITH_SESSION, plain: get('/account/second-factor') },
  offerSecondFactor: {
    may: WITH_SESSION,
    plain: get('/account/second-factor'),
    // One is in force: whoever has the password alone cannot put another in its place.
    except: { half_signed_in: '403' },
  },
  confirmSecondFactor: {
    may: WITH_SESSION,
    plain: { path: '/account/second-factor', payload: { password: 'unknown', code: '000000' } },
  },
  removeSecondFactor: {
    may: PEOPLE,
    plain: { path: '/account/second-factor/removal', payload: { password: 'unknown', code: '000000' } },
  },
  changePassword: {
    may: PEOPLE,
    plain: { path: '/account/password', payload: { current_password: 'unknown', password: PASSWORD } },
  },
  listOwnSessions: { may: PEOPLE, plain: get('/account/sessions') },
  endOwnSession: { may: PEOPLE, plain: get(`/account/sessions/${randomUUID()}`), answer: '404' },
  getDictionaries: { may: PEOPLE, plain: get('/dictionaries') },

  listUsers: read(ADMINISTRATORS, '/users'),
  inviteUser: {
    may: ADMINISTRATORS,
    about: (place, world) => ({
      path: '/users',
      payload: {
        login: `invited-${randomUUID()}`,
        display_name: 'Новый',
        position: null,
        grants: [grantEntry(place, world)],
      },
    }),
    others: 'hidden',
  },
  changeUser: {
    may: ADMINISTRATORS,
    about: ({ user_id, mark }) => ({
      path: `/users/${user_id}`,
      payload: { display_name: `Специалист ${mark}`, position: null, is_disabled: false },
    }),
    others: 'hidden',
  },
  renewUserLink: {
    may: ADMINISTRATORS,
    about: ({ user_id }) => get(`/users/${user_id}/link`),
    others: 'hidden',
  },
  resetSecondFactor: {
    may: ADMINISTRATORS,
    about: ({ user_id }) => get(`/users/${user_id}/second-factor`),
    others: 'hidden',
  },
  addGrant: {
    may: ADMINISTRATORS,
    about: (place, world) => ({ path: `/users/${place.user_id}/grants`, payload: grantEntry(place, world) }),
    others: 'hidden',
  },
  revokeGrant: {
    may: ADMINISTRATORS,
    about: async (place, world) => {
      if (place === world.unknown) return get(`/users/${world.own.user_id}/grants/${place.user_id}`)
      const grant_id = await insertPlaceGrant(world.client, place.user_id, jurisdictionOf(place, world))
      return get(`/users/${place.user_id}/grants/${grant_id}`)
    },
    others: 'hidden',
  },
  setSecondFactorRoles: {
    may: ADMINISTRATORS,
    plain: { path: '/settings/second-factor-roles', payload: { roles: [] } },
    except: { local_administrator: '403' },
  },
  listTokens: read(ADMINISTRATORS, '/tokens'),
  createToken: {
    may: ADMINISTRATORS,
    about: (place, world) => ({
      path: '/tokens',
      payload: {
        ...{ kind: 'export', label: `Токен ${place.mark}`, collector: null, valid_from: '2026-01-01', valid_to: null },
        ...jurisdictionOf(place, world),
      },
    }),
    others: 'hidden',
  },
  rotateToken: {
    may: ADMINISTRATORS,
    about: async (place, world) => ({
      path: `/tokens/${await tokenOf(place, world)}/rotation`,
      payload: { overlap_days: 3 },
    }),
    others: 'hidden',
  },
  revokeToken: {
    may: ADMINISTRATORS,
    about: async (place, world) => get(`/tokens/${await tokenOf(place, world)}`),
    others: 'hidden',
  },

  leaseWork: {
    may: COLLECTORS,
    plain: { path: '/leases', payload: { collector, kinds: ['site_check'], max: 1 } },
    except: { other_collector_token: '403' },
  },
  returnLeases: {
    may: COLLECTORS,
    plain: { path: '/leases/return', payload: { collector, lease_ids: [randomUUID()] } },
    except: { other_collector_token: '403' },
  },
  submitMeasurements: {
    may: COLLECTORS,
    plain: { path: '/measurements', payload: { collector, witness: null, health: null, measurements: [] } },
    except: { other_collector_token: '403' },
  },
  // A collector measures for everybody: what it was leased it may have, of whatever place.
  getLeasedFile: ofCollector('/leased-file'),
  putImportChunk: ofCollector('/chunks/0', makeChunk),
  finishImportParsing: ofCollector('/parsed', () => ({ chunks: 1, sheets: [], fault: null, fault_place: null })),
  issueSpeedTicket: {
    may: ['school_token'],
    about: ({ school_id }) => ({ path: '/speed-tickets', payload: { org_unit_id: school_id } }),
    others: 'hidden',
  },
  listTestPlaces: byCode('/speed-tickets/browser/places', {}),
  issueBrowserTicket: byCode('/speed-tickets/browser', { org_unit_id: 1 }),
  submitBrowserTest: { ...byCode('/speed-tests/browser', { agent_id: randomUUID(), test: {} }), answer: 'done' },
  getTicketKey: read(['measurement_token'], '/speed-tickets/key'),
  submitMeasurementRecords: {
    may: ['measurement_token'],
    plain: {
      path: '/measurement-records',
      payload: {
        records: [
          {
            ...{ ticket_id: randomUUID(), started_at: '2026-10-01T05:00:00Z', download: null, upload: null },
            client_address: '10.0.0.1',
          },
        ],
      },
    },
  },
  getSchoolCode: {
    may: CODE_GIVERS,
    about: ({ school_id }) => get(`/org-units/${school_id}/school-code`),
    others: 'hidden',
  },
  issueSchoolCode: {
    may: CODE_GIVERS,
    about: ({ school_id }) => get(`/org-units/${school_id}/school-code`),
    others: 'hidden',
  },
  listCollectors: read(COLLECTION_READERS, '/collectors'),

  submitSpeedTests: {
    may: ['school_token'],
    plain: { path: '/speed-tests', payload: { agent_id: randomUUID(), tests: [], pings: [] } },
  },
  getInternetDistribution: filtered(SITE_READERS, '/internet/distribution'),
  getInternetHeatmap: filtered(SITE_READERS, '/internet/heatmap'),
  listSpeedTests: {
    may: SITE_READERS,
    about: ({ school_id }) => get(`/org-units/${school_id}/speed-tests`),
    others: 'hidden',
  },
  getOrgUnitInternet: {
    may: SITE_READERS,
    about: ({ school_id }) => get(`/org-units/${school_id}/internet`),
    others: 'hidden',
  },
  recheckTarget: {
    may: RECHECKERS,
    about: ({ school_id, target_id }) => get(`/targets/${school_id}/${target_id}/recheck`),
    others: 'hidden',
  },
  getRecheckProgress: {
    may: RECHECKERS,
    about: ({ school_id, target_id }) => get(`/targets/${school_id}/${target_id}/recheck`),
    others: 'hidden',
  },
  listObjections: read(PEOPLE, '/objections'),
  getObjection: ofObjection(PEOPLE, ''),
  openObjection: {
    may: RECHECKERS,
    about: ({ school_id, target_id }) => ({
      path: `/org-units/${school_id}/objections`,
      payload: {
        ...{ kind: 'mute', target_id, finding: 'availability', subsection: null, incident_id: null },
        ...{ reason: 'переезд на другой хостинг', asked_until: regionDay(1), file: null },
      },
    }),
    others: 'hidden',
  },
  decideObjection: ofObjection(['institute_staff'], '/decision', {
    ...{ outcome: 'rejected', reason: 'проверено ещё раз', valid_from: null, valid_to: null },
  }),
  getObjectionFile: ofObjection(RECHECKERS, '/file'),
  listTasks: read(PEOPLE, '/tasks'),
  listAuditEvents: {
    may: AUDITORS,
    about: ({ school_id }) => get(`/audit/events?org_unit_id=${school_id}`),
    others: 'filtered',
  },
  getAuditSeal: read(AUDITORS, '/audit/seal'),
  exportAuditWorkbook: exportOf(AUDITORS, '/audit/events/export.xlsx', 'org_unit_id'),
  exportAuditCsv: exportOf(AUDITORS, '/audit/events/export.csv', 'org_unit_id'),
  getEvidence: {
    may: SITE_READERS,
    about: ({ school_id, evidence_id }) => get(`/evidence/${school_id}/${evidence_id}`),
    others: 'hidden',
  },
  addHumanCheck: {
    may: [...EDITORS, 'municipal_specialist'],
    about: ({ school_id, target_id }) => ({
      path: `/org-units/${school_id}/sites/${target_id}/human-checks`,
      payload: humanCheckEntry(),
    }),
    others: 'hidden',
  },
  getHumanCheckPicture: {
    may: RECHECKERS,
    about: ({ school_id, target_id, human_check_id }) =>
      get(`/org-units/${school_id}/sites/${target_id}/human-checks/${human_check_id}/picture`),
    others: 'hidden',
  },
  listSiteIncidents: filtered(SITE_READERS, '/sites/incidents'),
  getSiteIncident: {
    may: SITE_READERS,
    about: ({ incident_id }) => get(`/sites/incidents/${incident_id}`),
    others: 'hidden',
  },
  listSiteStates: filtered(SITE_READERS, '/sites/states'),
  listSiteCertificates: filtered(SITE_READERS, '/sites/certificates'),
  getRuleMatrix: filtered(SITE_READERS, '/sites/rule-matrix'),
  listPortals: filtered(SITE_READERS, '/sites/portals'),
  getOrgUnitSites: {
    may: SITE_READERS,
    about: ({ school_id }) => get(`/org-units/${school_id}/sites`),
    others: 'hidden',
  },

  listInternetVerdicts: speeds('/internet/verdicts'),
  listInternetProviders: speeds('/internet/by-provider'),
  listSilentBuildings: speeds('/internet/silent'),
  listConnectionContracts: {
    may: SITE_READERS,
    about: ({ school_id }) => get(`/org-units/${school_id}/connection-contracts`),
    others: 'hidden',
  },
  getMeasurementRecordPdf: {
    may: SITE_READERS,
    about: ({ school_id }) => get(`/org-units/${school_id}/measurement-record.pdf`),
    others: 'hidden',
  },
  getMeasurementRecordDocx: {
    may: SITE_READERS,
    about: ({ school_id }) => get(`/org-units/${school_id}/measurement-record.docx`),
    others: 'hidden',
  },
  listOperatorAppeals: {
    may: PEOPLE,
    about: ({ school_id }) => get(`/org-units/${school_id}/operator-appeals`),
    others: 'hidden',
  },
  enterOperatorAppeal: {
    may: RECHECKERS,
    about: ({ school_id }) => ({
      path: `/org-units/${school_id}/operator-appeals`,
      payload: {
        ...{
          appeal_number: '1',
          sent_on: '2026-01-12',
          operator: 'ПАО «Ростелеком»',
          subject: 'скорость ниже договора',
        },
        ...{ answer: null, answered_on: null },
      },
    }),
    others: 'hidden',
  },
  getAgentPlan: read(['school_token'], '/agent/plan'),

  listImports: read(IMPORT_READERS, '/imports'),
  uploadImport: {
    may: SENDERS,
    plain: { path: '/imports?kind=registry&file_name=a.csv', payload: Buffer.from('Наименование;ИНН\r\n') },
  },
  getImport: ofImport(IMPORT_READERS, ''),
  listImportRows: ofImport(IMPORT_READERS, '/rows'),
  getImportOriginal: ofImport(IMPORT_READERS, '/original'),
  decideImportRows: ofImport(SENDERS, '/decisions', () => ({
    decisions: [{ sheet_no: 9, row_no: 9, outcome: 'skip', org_unit_id: null, same_as: null, reason: 'проба' }],
  })),
  listImportMissing: ofImport(IMPORT_READERS, '/missing'),
  decideImportMissing: ofImport(SENDERS, '/missing/decisions', () => ({
    ...{ outcome: 'keep', org_unit_ids: null, reason: 'проба' },
  })),
  voidImport: ofImport(SENDERS, '/void', () => ({ reason: 'проба', with: [] })),
  applyImport: ofImport(SENDERS, '/apply'),

  listOrgUnits: filtered(READERS, '/org-units'),
  listTerritories: read(READERS, '/territories'),
  getOrgUnit: {
    may: READERS,
    about: ({ school_id }) => get(`/org-units/${school_id}`),
    others: 'hidden',
  },
  exportOrgUnitsWorkbook: exportOf(READERS, '/org-units/export.xlsx', 'territory_id'),
  exportOrgUnitsCsv: exportOf(READERS, '/org-units/export.csv', 'territory_id'),
  addOrgUnitStatus: {
    may: EDITORS,
    about: ({ school_id }) => ({
      path: `/org-units/${school_id}/statuses`,
      payload: { status: 'quarantine', valid_from: '2026-01-01', valid_to: '2026-01-02', order_number: null },
    }),
    others: 'hidden',
  },
  addOrgUnitSuccession: {
    may: EDITORS,
    about: ({ school_id }) => ({
      path: `/org-units/${school_id}/successions`,
      payload: { successor_id: school_id, effective_on: '2026-01-01', kind: 'merge', document: null },
    }),
    others: 'hidden',
  },

  listIndicators: read(READERS, '/indicators'),
  getIndicatorValues: figures(`/indicators/${INDICATOR}/values`),
  getSitesOverview: figures('/sites/overview'),
  getIndicatorLineage: figures(`/indicators/${INDICATOR}/lineage`),
  getIndicatorFacts: {
    may: READERS,
    about: ({ school_id }) => get(`/indicators/${INDICATOR}/facts?org_unit_id=${school_id}`),
    others: 'hidden',
  },
  exportIndicatorWorkbook: figures(`/indicators/${INDICATOR}/export.xlsx`),
  exportIndicatorCsv: figures(`/indicators/${INDICATOR}/export.csv`),
}

function tokenOf(place: Place, world: TwoMunicipalities): number | Promise<number> {
  return place === world.unknown ? place.user_id : issuePlaceToken(world.client, jurisdictionOf(place, world))
}

function ofCollector(path: string, payload?: () => object): Expectation {
  return { ...ofImport(COLLECTORS, path, payload), others: 'filtered', except: { other_collector_token: '404' } }
}
