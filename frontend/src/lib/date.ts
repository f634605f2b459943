// Dates and durations for people, in their own time zone.

const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric' })
const month = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric' })
const moment = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' })

/** `22 November 2026`, from an ISO date or time. */
export const longDate = (iso: string) => day.format(at(iso))

/** `December 2025`. */
export const monthYear = (iso: string) => month.format(at(iso))

/** `22 Nov 2026, 19:04`. */
export const dateTime = (iso: string) => moment.format(new Date(iso))

/** `0:07`, `1:42`, `1:00:09`. */
export function clock(seconds: number): string {
  const rest = Math.max(0, Math.floor(seconds))
  const [hours, minutes] = [Math.floor(rest / 3600), Math.floor(rest / 60) % 60]
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest % 60)}` : `${minutes}:${two(rest % 60)}`
}

// A day without a time is that day everywhere, and not midnight in London.
const at = (iso: string) => new Date(iso.length === 10 ? `${iso}T00:00` : iso)

const two = (part: number) => String(part).padStart(2, '0')
