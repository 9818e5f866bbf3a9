export default {
  qr: 'QR code for an app with one-time codes',
  scan: 'Point the camera at it from the app with one-time codes.',
  by_hand: 'Without a camera, type the key:',
  first_code: 'Code that the app shows',
  connect: 'Connect',
  recovery_title: 'Recovery codes',
  recovery_advice:
    'Each code stands in for the app once, if the phone is lost. They are not shown again: print or save them.',
  kept: 'The codes are kept, go on',
  copy: 'Copy',
  print: 'Print',
}
