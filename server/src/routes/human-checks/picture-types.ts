import type { FileType } from '../../domain/file-type.ts'

/** What a person's check may be shown by. */
export const PICTURE_TYPES = ['image/png', 'image/jpeg'] as const satisfies readonly FileType[]
export type PictureType = (typeof PICTURE_TYPES)[number]
