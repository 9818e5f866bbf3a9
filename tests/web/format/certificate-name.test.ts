import { describe, expect, it } from 'vitest'
import { formatCertificateName } from '../../../web/src/format/certificate-name.ts'

describe('formatCertificateName', () => {
  it('takes the common name wherever it stands, and leaves other texts alone', () => {
    expect(formatCertificateName("CN=R11, O=Let's Encrypt, C=US")).toBe('R11')
    expect(formatCertificateName('C=RU, O=The Ministry, CN=Russian Trusted Sub CA')).toBe('Russian Trusted Sub CA')
    expect(formatCertificateName('Some issuer')).toBe('Some issuer')
  })
})
