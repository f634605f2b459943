// What the report holds so far, by title, as it is written: nothing here is made up to fill the time.
import type { Item } from '@/api/event'
import { progress as say } from '@messages/progress'
import { Badge } from '@/ui/badge'

interface FoundProps {
  findings: readonly Item[]
  recommendations: readonly Item[]
}

export const Found = ({ findings, recommendations }: FoundProps) => (
  <div className="grid content-start gap-8">
    <section aria-labelledby="findings" className="grid gap-3">
      <h2 id="findings" className="text-xl font-semibold">
        {say.findings(findings.length)}
      </h2>
      <p className="text-muted">{findings.length > 0 ? say.findingsHelp : say.findingsEmpty}</p>
      <ul className="grid gap-2">
        {findings.map((one) => (
          <Row key={one.id}>
            <span className="min-w-0 flex-1 basis-48">{one.title}</span>
            {one.recommendable !== undefined && (
              <Badge tone={one.recommendable ? 'good' : 'neutral'}>
                {one.recommendable ? say.recommendable : say.notRecommendable}
              </Badge>
            )}
          </Row>
        ))}
      </ul>
    </section>
    {/* Last, because they come last: nothing above moves. */}
    {recommendations.length > 0 && (
      <section aria-labelledby="recommendations" className="grid gap-3">
        <h2 id="recommendations" className="text-xl font-semibold">
          {say.recommendations(recommendations.length)}
        </h2>
        <ol className="grid gap-2">
          {recommendations.map((one, index) => (
            <Row key={one.id}>
              <span className="flex gap-3">
                <span className="figure text-muted">{index + 1}</span>
                {one.title}
              </span>
            </Row>
          ))}
        </ol>
      </section>
    )}
  </div>
)

/** Fades in where motion is welcome. */
const Row = ({ children }: { children: React.ReactNode }) => (
  <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1.5 rounded-lg border border-rule px-4 py-3 wrap-anywhere transition-opacity duration-500 starting:opacity-0">
    {children}
  </li>
)
