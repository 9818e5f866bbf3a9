export default {
  how_counted: 'How it is counted',
  made_of: 'What it is made of',
  source: 'Source',
  where_goes: 'Where it goes',
  version: 'version {version}',
  of: '{numerator} of {denominator}',
  withheld: 'Too little data: {reported} of {expected} reported, at least {floor} are needed',
  nothing_expected: 'Nothing to count: no organisation is in the denominator',
  role: {
    counted: 'Counted',
    not_counted: 'Not counted',
    not_reported: 'No data',
    excluded: 'Excluded',
  },
  more: 'and {count} more',
  collector_line: '{collector}, vantage “{vantage}”, measurements: {count}',
  no_sources: 'No measurements in this period',
  in_region:
    'It goes into the value of the municipality and the region: sums of numerators and denominators, never a mean of shares.',
  fact: 'Measurement of {when}',
}
