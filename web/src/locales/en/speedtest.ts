/** Measuring the Internet in a browser, by a school's code. */
export default {
  title: "Speed of a school's Internet",
  what: "The page measures how much data passes in a second between this computer and the region's measurement server: 10 seconds in and 10 seconds out. No servers of others are used.",
  code: 'School code',
  code_hint: 'Eight letters and digits. The municipal specialist or the administrator gives it out.',
  code_missing: "Enter the school's code",
  go_on: 'Go on',
  other_code: 'Another code',
  place: 'Building',
  place_missing: 'Choose the building that you are in',
  advice: {
    wire: 'Better on a computer with a cable: by Wi-Fi the Wi-Fi itself is measured too.',
    quiet: 'Close video and downloads on this computer.',
    traffic: 'The test moves up to several hundred megabytes: do not start it on a mobile plan.',
  },
  start: 'Measure',
  running: {
    download: 'Measuring the download',
    upload: 'Measuring the upload',
    stay: 'Keep the page open: about 25 seconds in all.',
  },
  mbps: 'Mbit/s',
  result: {
    download: 'Download',
    upload: 'Upload',
    when: 'When',
    failed: 'Could not be measured',
    lower_bound:
      'A browser itself moves no more than some hundred Mbit/s: a result near that is a lower bound, the real speed may be higher.',
    grade:
      "A test in a browser is for reference: norm and contract are judged by the tests of the program on the school's computer alone.",
  },
  cause: {
    no_network: 'This computer has no connection.',
    websocket_blocked:
      'The measurement server is seen, but the WebSocket does not get through: a filter or proxy stops it. This is no low speed.',
    connection_refused:
      'The measurement server cannot be reached from this computer: its address is closed or it is stopped.',
    connection_lost: 'The connection broke during the test.',
    server_busy: 'All places of the measurement server are taken. Try again in half a minute.',
  },
  waiting:
    '{count} result waits in this browser and will be sent when there is a connection. | {count} results wait in this browser and will be sent when there is a connection.',
  school: {
    title: 'Speed test in a browser',
    what: 'With the code the speed is tested without an account; it opens nothing else. A new code ends the one before.',
    issued: 'issued {day}, {by}',
    open: "Open on the school's computer: {address}",
    issue: 'Issue a code',
    replace: 'Replace the code',
  },
  send: 'Send now',
  again: 'Measure again',
}
