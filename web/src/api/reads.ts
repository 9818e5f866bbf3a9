import { client, readAnswer } from './client.ts'
import type { OrgUnitQuery, ReadQuery } from './paths.ts'

/** One function a read: what it needs, and the signal that ends it when nobody waits any more. */
type Signal = AbortSignal

export const readOrgUnits = (query: OrgUnitQuery, signal: Signal) =>
  readAnswer(client.GET('/api/v1/org-units', { params: { query, path: {} }, signal }))

export const readOrgUnit = (id: string, query: ReadQuery, signal: Signal) =>
  readAnswer(client.GET('/api/v1/org-units/{id}', { params: { path: { id }, query }, signal }))

export const readOrgUnitSites = (id: string, query: ReadQuery, signal: Signal) =>
  readAnswer(client.GET('/api/v1/org-units/{id}/sites', { params: { path: { id }, query }, signal }))

export const readSitesOverview = (query: ReadQuery, signal: Signal) =>
  readAnswer(client.GET('/api/v1/sites/overview', { params: { query, path: {} }, signal }))

export const readIncidents = (query: ReadQuery, signal: Signal) =>
  readAnswer(client.GET('/api/v1/sites/incidents', { params: { query, path: {} }, signal }))

export const readRuleMatrix = (query: ReadQuery, signal: Signal) =>
  readAnswer(client.GET('/api/v1/sites/rule-matrix', { params: { query, path: {} }, signal }))

export const readCertificates = (query: ReadQuery, signal: Signal) =>
  readAnswer(client.GET('/api/v1/sites/certificates', { params: { query, path: {} }, signal }))

export const readCollectors = (signal: Signal) =>
  readAnswer(client.GET('/api/v1/collectors', { params: { path: {} }, signal }))

export const readIndicators = (signal: Signal) =>
  readAnswer(client.GET('/api/v1/indicators', { params: { path: {} }, signal }))

export const readIndicatorValues = (code: string, query: ReadQuery, signal: Signal) =>
  readAnswer(client.GET('/api/v1/indicators/{code}/values', { params: { path: { code }, query }, signal }))

export const readLineage = (code: string, query: ReadQuery & { org_unit: number }, signal: Signal) =>
  readAnswer(client.GET('/api/v1/indicators/{code}/lineage', { params: { path: { code }, query }, signal }))

export const readEvidence = (id: string, signal: Signal) =>
  readAnswer(client.GET('/api/v1/evidence/{id}', { params: { path: { id } }, signal }))
