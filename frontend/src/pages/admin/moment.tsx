// Moments and durations as operators read them: local, with the exact one on hover.
import { useEffect, useState } from 'react'

import { admin as say } from '@messages/admin'
import { dateTime } from '@/lib/date'

/** The present, told again from time to time. */
export function useNow(everyMs = 10_000): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now
}

/** `22 Nov 2026, 19:04`. */
export const Moment = ({ at }: { at: string }) => (
  <time dateTime={at} title={at} className="whitespace-nowrap">
    {dateTime(at)}
  </time>
)

/** `4 min ago`. */
export const Age = ({ at, now }: { at: string; now: number }) => (
  <time dateTime={at} title={at} className="whitespace-nowrap">
    {say.ago(duration((now - Date.parse(at)) / 1000))}
  </time>
)

const calendar = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' })

/** `22 Nov 2026`: a day of the calendar, the same in every time zone. */
export const Day = ({ on }: { on: string }) => (
  <time dateTime={on} className="whitespace-nowrap">
    {day(on)}
  </time>
)

export const day = (on: string) => calendar.format(new Date(`${on}T00:00:00Z`))

/** As the API counts days. */
export const today = () => new Date().toISOString().slice(0, 10)

/** `8 s`, `4 min`, `3 h`, `2 days`: one unit, the largest that fits. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  if (whole < 90) return say.units.seconds(whole)
  if (whole < 90 * 60) return say.units.minutes(Math.round(whole / 60))
  if (whole < 36 * 3600) return say.units.hours(Math.round(whole / 3600))
  return say.units.days(Math.round(whole / 86_400))
}

/** `850 ms`, `12.4 s`: how long a call took. */
export const latency = (ms: number) =>
  ms < 1000 ? say.units.milliseconds(ms) : say.units.seconds((ms / 1000).toFixed(1))
