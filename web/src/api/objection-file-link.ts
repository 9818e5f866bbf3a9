/** Address of the file that was sent with an objection. */
export function linkObjectionFile(org_unit_id: number, objection_id: string): string {
  return `/api/v1/org-units/${org_unit_id}/objections/${objection_id}/file`
}
