/** The name that a person knows an issuer by: the common name of `CN=…, O=…, C=…`, else the text as it is. */
export function formatCertificateName(distinguishedName: string): string {
  return /(?:^|[,\n]\s*)CN=([^,\n]+)/.exec(distinguishedName)?.[1]?.trim() ?? distinguishedName
}
