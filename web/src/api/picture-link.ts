/** Address of the picture that belongs to a person's check. */
export function linkHumanCheckPicture(org_unit_id: number, target_id: string, human_check_id: string): string {
  return `/api/v1/org-units/${org_unit_id}/sites/${target_id}/human-checks/${human_check_id}/picture`
}
