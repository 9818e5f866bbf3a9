/** A test that may be judged by: valid, measured in school hours, by the building's own program. */
export interface ValidTest {
  test_id: string
  tested_at: Date
  download_kbps: number
  upload_kbps: number
  /** The low result that it was made to confirm; null: it was made by the schedule. */
  retest_of: string | null
}

/**
 * One look at the line: a test by the schedule and the retests that it led to. What it says is the best of them, so a
 * low result counts as far as a retest agreed; and a school that is slow once is not counted three times for it.
 */
export interface Occasion {
  tested_at: Date
  download_kbps: number
  upload_kbps: number
  /** Somebody looked again. A low result without that accuses nobody. */
  is_retested: boolean
}

/** The test that a chain of retests began with; the last one that is known where the chain leads out of the tests. */
function firstOf(test: ValidTest, byId: ReadonlyMap<string, ValidTest>): ValidTest {
  const passed = new Set<string>()
  let first = test
  while (first.retest_of !== null && !passed.has(first.test_id)) {
    passed.add(first.test_id)
    const before = byId.get(first.retest_of)
    if (before === undefined) break
    first = before
  }
  return first
}

/** Occasions of one building's tests, by time. A retest of a test that is not among them is an occasion of its own. */
export function occasionsOf(tests: readonly ValidTest[]): Occasion[] {
  const byTime = tests.toSorted((a, b) => a.tested_at.getTime() - b.tested_at.getTime())
  const byId = new Map(byTime.map((test) => [test.test_id, test]))
  const chains = Map.groupBy(byTime, (test) => firstOf(test, byId).test_id)
  return [...chains.values()].flatMap((chain) => {
    const [first] = chain
    if (first === undefined) return []
    return [
      {
        tested_at: first.tested_at,
        download_kbps: Math.max(...chain.map(({ download_kbps }) => download_kbps)),
        upload_kbps: Math.max(...chain.map(({ upload_kbps }) => upload_kbps)),
        is_retested: chain.length > 1,
      },
    ]
  })
}
