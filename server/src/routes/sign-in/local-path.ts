const HOME = '/'
/** Stands for whatever origin the pages have. */
const OWN = 'http://own.invalid'

/** A page of this site to go to; the first page for any other address: nobody is sent elsewhere from here. */
export function toLocalPath(text: string | undefined): string {
  // Browsers read "\" as "/", and leave out tabs and line ends.
  if (text === undefined || !/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(text) || !URL.canParse(text, OWN)) return HOME
  const url = new URL(text, OWN)
  return url.origin === OWN && !url.pathname.startsWith('//') ? `${url.pathname}${url.search}${url.hash}` : HOME
}
