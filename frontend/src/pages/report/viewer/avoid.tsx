// What not to do: why, and what to do instead.
import { report as say } from '@messages/report'

import { anchor, useReport } from './lookup'
import { Section } from './section'
import { CrossSign } from './signs'

export function Avoid() {
  const { report } = useReport()
  const against = report.findings.filter((finding) => !finding.recommendable)
  return (
    <Section id={anchor.avoid} title={say.avoid.title} lead={against.length > 0 ? say.avoid.lead : undefined}>
      {against.length === 0 && <p className="text-muted">{say.avoid.none}</p>}
      <ul className="grid gap-4 lg:grid-cols-2 print:grid-cols-2">
        {against.map((finding) => (
          <li
            key={finding.id}
            className="keep grid content-start gap-4 rounded-card border border-rule bg-neutral-tint/40 p-5 sm:p-6"
          >
            <h3 className="grid grid-cols-[auto_minmax(0,1fr)] gap-3 text-lg font-semibold">
              <CrossSign className="mt-1 size-5 text-neutral" />
              <span className="wrap-anywhere">{finding.title}</span>
            </h3>
            {finding.why_not && (
              <p className="wrap-anywhere">
                <strong className="font-semibold">{say.avoid.whyNot}.</strong> {finding.why_not}
              </p>
            )}
            {finding.what_instead && (
              <p className="rounded-lg bg-paper p-4 wrap-anywhere">
                <strong className="font-semibold text-good">{say.avoid.instead}.</strong>{' '}
                {finding.what_instead}
              </p>
            )}
            <a
              href={`#${anchor.finding(finding.id)}`}
              className="no-print inline-flex min-h-11 items-center justify-self-start text-accent underline underline-offset-4"
            >
              {say.avoid.more}
              <span className="sr-only">: {finding.title}</span>
            </a>
          </li>
        ))}
      </ul>
    </Section>
  )
}
