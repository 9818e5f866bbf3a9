import { createSecureContext, getCACertificates, rootCertificates, type SecureContext } from 'node:tls'

/** Whose certificates are believed. */
export interface Trust {
  /** The public roots of Node and our own: what the measurement server is held against. */
  measurement: SecureContext
  /** With the roots of this computer: a school's filter may read what the API is told, and must not stop it. */
  api: SecureContext
}

/** @param own_roots_pem roots that the region's servers have their certificates from, where those are not public ones */
export function createTrust(own_roots_pem: readonly string[]): Trust {
  const ours = [...rootCertificates, ...own_roots_pem]
  return {
    measurement: createSecureContext({ ca: ours }),
    api: createSecureContext({ ca: [...ours, ...getCACertificates('system')] }),
  }
}
