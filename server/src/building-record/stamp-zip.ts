const LOCAL_HEADER = 0x04034b50
const CENTRAL_HEADER = 0x02014b50
const END_OF_DIRECTORY = 0x06054b50
const END_BYTES = 22
/** 1 January 1980, the first day that the format knows. */
const FIRST_DAY = 0x21

function findEnd(zip: Buffer): number {
  for (let at = zip.length - END_BYTES; at >= 0; at -= 1) if (zip.readUInt32LE(at) === END_OF_DIRECTORY) return at
  throw new Error('A zip archive ends with its directory')
}

/**
 * Gives every file of a zip archive the same time, so that equal content is equal bytes. Changes the archive in place.
 * @throws for what is no zip archive
 */
export function stampZip(zip: Buffer): Buffer {
  const end = findEnd(zip)
  const entries = zip.readUInt16LE(end + 10)
  let at = zip.readUInt32LE(end + 16)
  for (let entry = 0; entry < entries; entry += 1) {
    const local = zip.readUInt32LE(at + 42)
    if (zip.readUInt32LE(at) !== CENTRAL_HEADER || zip.readUInt32LE(local) !== LOCAL_HEADER) {
      throw new Error(`The zip archive's entry ${entry} is not where its directory says`)
    }
    zip.writeUInt32LE(FIRST_DAY * 0x10000, at + 12)
    zip.writeUInt32LE(FIRST_DAY * 0x10000, local + 10)
    at += 46 + zip.readUInt16LE(at + 28) + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32)
  }
  return zip
}
