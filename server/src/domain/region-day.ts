/** Calendar day of an instant in a zone, YYYY-MM-DD. */
export function dayInZone(instant: Date, time_zone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: time_zone }).format(instant)
}

/** The day so many days later, YYYY-MM-DD. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}

/** Whether a text is a day that exists, YYYY-MM-DD: 2023-02-31 is none, nor is any day of a year 0. */
export function isDay(text: string): boolean {
  const instant = new Date(`${text}T00:00:00Z`)
  return (
    /^(?!0000)\d{4}-\d{2}-\d{2}$/.test(text) &&
    !Number.isNaN(instant.getTime()) &&
    instant.toISOString().startsWith(text)
  )
}
