import { describe, expect, it } from 'vitest'
import { FILE_MAX_BYTES, listMediaTypes, readChosenFile } from '../../../web/src/components/chosen-file.ts'

const PNG = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0xff])

describe('readChosenFile', () => {
  it('reads a file whole', async () => {
    const file = new File([PNG], 'Снимок.bin')
    expect(await readChosenFile(file, ['PNG', 'JPEG'])).toEqual({ name: 'Снимок.bin', base64: 'iVBORw0KGgr/' })
  })
  it('keeps the end of a long name, where its kind stands', async () => {
    const read = await readChosenFile(new File(['%PDF-1.4'], `${'а'.repeat(300)}.pdf`), ['PDF'])
    expect(read).toEqual({ name: `${'а'.repeat(196)}.pdf`, base64: btoa('%PDF-1.4') })
  })
  it('knows the kinds by their first bytes, whatever the file is called', async () => {
    expect(await readChosenFile(new File(['<svg/>'], 'a.png', { type: 'image/png' }), ['PNG'])).toBe('unknown')
    expect(await readChosenFile(new File(['%PDF-1.4'], 'a.pdf'), ['PNG', 'JPEG'])).toBe('unknown')
  })
  it('refuses what is too large', async () => {
    const file = new File([PNG, new Uint8Array(FILE_MAX_BYTES)], 'a.png')
    expect(await readChosenFile(file, ['PNG'])).toBe('too_large')
  })
})

describe('listMediaTypes', () => {
  it('speaks as a file input does', () => expect(listMediaTypes(['PDF', 'JPEG'])).toBe('application/pdf,image/jpeg'))
})
