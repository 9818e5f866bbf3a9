export default {
  how_counted: 'How it is counted',
  made_of: 'What it is made of',
  where_goes: 'Where it goes',
  version: 'methodology version {version}',
  withheld: 'Too little data: the value is shown at a coverage of {floor} or more.',
  nothing_reported: 'No data: not one site has reported yet.',
  part: {
    numerator: 'Counted',
    partial: 'Counted in part',
    denominator_only: 'Not counted',
    excluded: 'Excluded',
  },
  more: 'Show more, {count} left',
  facts: 'Facts',
  person_asking: 'check by a person, not by the institute',
  no_facts: 'No facts in this period',
  change_set: 'change set no. {number}',
  up_of: 'up {up} of {observed}',
  in_region:
    'Part of the value of the municipality and the region: numerators and denominators add up, shares are never averaged.',
}
