/** Icons drawn on a 16 × 16 grid as strokes in the colour of the text, so that forced colours keep them. */
export const ICON_PATHS = {
  ok: ['M14.6 8A6.6 6.6 0 1 1 1.4 8a6.6 6.6 0 0 1 13.2 0z', 'M5 8.2 7.2 10.4 11 5.9'],
  warn: ['M8 1.8 15 14H1z', 'M8 6.4v3.4M8 11.9v.1'],
  bad: [
    'M3.1 1.6h9.8a1.5 1.5 0 0 1 1.5 1.5v9.8a1.5 1.5 0 0 1-1.5 1.5H3.1a1.5 1.5 0 0 1-1.5-1.5V3.1a1.5 1.5 0 0 1 1.5-1.5z',
    'M5.4 5.4l5.2 5.2M10.6 5.4l-5.2 5.2',
  ],
  unknown: ['M6.2 6.4a1.9 1.9 0 1 1 2.6 1.8c-.6.3-.8.6-.8 1.2M8 11.6v.1'],
  blocked: ['M8 1.4 13.6 3.4v4.2c0 3.4-2.4 5.6-5.6 7-3.2-1.4-5.6-3.6-5.6-7V3.4z', 'M5.4 8h5.2'],
  none: ['M4 8h8'],
  lock: ['M4 7h8a1 1 0 0 1 1 1v5a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V8a1 1 0 0 1 1-1z', 'M5.2 7V5a2.8 2.8 0 0 1 5.6 0v2'],
  down: ['M4 6l4 4 4-4'],
  up: ['M4 10l4-4 4 4'],
  right: ['M6 4l4 4-4 4'],
  menu: ['M2 4h12M2 8h12M2 12h12'],
  close: ['M3.5 3.5l9 9M12.5 3.5l-9 9'],
  info: ['M14.6 8A6.6 6.6 0 1 1 1.4 8a6.6 6.6 0 0 1 13.2 0z', 'M8 7.2v4M8 4.8v.1'],
  person: ['M8 8a3 3 0 1 0 0-6 3 3 0 0 0 0 6z', 'M2.5 14.2c.6-2.8 2.7-4.4 5.5-4.4s4.9 1.6 5.5 4.4'],
  check: ['M3 8.5 6.5 12 13 4.5'],
  settings: ['M2 4.5h6M11 4.5h3M2 11.5h3M8 11.5h6', 'M9.5 3v3M6.5 10v3'],
  external: ['M9 2.5h4.5V7M13 3 7.5 8.5M11.5 9v4.5h-9v-9H7'],
} as const
export type IconName = keyof typeof ICON_PATHS
