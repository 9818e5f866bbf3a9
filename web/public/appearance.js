// Runs before the first paint, so that a dark screen never flashes white. Its own file: the page allows no inline script.
// The same key and words are read by stores/appearance.ts.
;(function () {
  var kept = {}
  try {
    kept = JSON.parse(localStorage.getItem('edumon.appearance') || '{}')
  } catch {
    // Storage may be closed to the page: then the system's own settings hold.
  }
  var root = document.documentElement
  var dark = kept.theme === 'dark' || (kept.theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  var more = kept.contrast === 'more' || (kept.contrast !== 'normal' && matchMedia('(prefers-contrast: more)').matches)
  root.dataset.theme = dark ? 'dark' : 'light'
  root.dataset.contrast = more ? 'more' : 'normal'
  root.lang = kept.language === 'en' ? 'en' : 'ru'
})()
