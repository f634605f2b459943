// The recommendations: first all their options in one drawing, then one after the other.
import { type ReactNode, useState } from 'react'

import { report as say } from '@messages/report'
import { Button } from '@/ui/button'

import { anchor, useReport } from './lookup'
import { Matrix } from './matrix'
import { RecommendationCard } from './recommendation'
import { Section } from './section'

export function Recommendations() {
  const { report } = useReport()
  return (
    <Section
      id={anchor.recommendations}
      title={say.recommendations.title}
      lead={say.recommendations.lead}
      aside={<OpenAll />}
    >
      <Matrix />
      <ol className="flow grid gap-6">
        {report.recommendations.map((recommendation, index) => (
          <li key={recommendation.id}>
            <RecommendationCard of={recommendation} startsOpen={index === 0} />
          </li>
        ))}
      </ol>
    </Section>
  )
}

/** Unfolds all comparisons, or folds them again. The folds keep their own state; this only presses all of them. */
function OpenAll(): ReactNode {
  const [open, setOpen] = useState(false)
  const press = () => {
    const folds = document.querySelectorAll<HTMLDetailsElement>(
      `#${anchor.recommendations} details[data-opens]`,
    )
    for (const fold of folds) fold.open = !open
    setOpen(!open)
  }
  return (
    <div className="no-print">
      <Button variant="secondary" size="small" onClick={press}>
        {open ? say.recommendations.foldAll : say.recommendations.openAll}
      </Button>
    </div>
  )
}
