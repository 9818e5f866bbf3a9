import type { SitePlatform } from '@edumon/server/contract'
import type { PageFacts } from './page-facts.ts'

const GOSWEB_HOST = /(^|\.)(gosweb\.)?gosuslugi\.ru$/
const UCOZ_HOST =
  /(^|\.)(ucoz\.(ru|net|com|org|ua|es|de|kz)|at\.ua|my1\.ru|3dn\.ru|clan\.su|moy\.su|do\.am|usite\.pro|narod\.ru)$/
const UCOZ_RESOURCE = /(^|\/\/)[\w.-]*(ucoz\.(net|ru|com)|usocial\.pro)\/|\/\.s\/src\/|\/_st\/my\.css/i
const GOSWEB_RESOURCE = /\/\/[\w.-]*gosweb\.gosuslugi\.ru\//i

/** The builder that a page is made with: it decides what a school can mend itself. `own` when it is neither of two. */
export function findPlatform(url: URL, facts: Pick<PageFacts, 'generator' | 'resources'>): SitePlatform {
  if (GOSWEB_HOST.test(url.hostname)) return 'gosweb'
  if (UCOZ_HOST.test(url.hostname) || /ucoz/i.test(facts.generator)) return 'ucoz'
  if (facts.resources.some((address) => UCOZ_RESOURCE.test(address))) return 'ucoz'
  // One banner of the state portal makes no such site: its own scripts and styles do.
  return facts.resources.filter((address) => GOSWEB_RESOURCE.test(address)).length >= 3 ? 'gosweb' : 'own'
}
