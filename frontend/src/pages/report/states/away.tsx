// The server does not answer: the report is safe, and trying again is one click.
import { reportStates } from '@messages/report-states'
import { Page } from '@/ui/page'
import { ProblemNotice } from '@/ui/problem-notice'

const say = reportStates.away

interface AwayProps {
  error: unknown
  onRetry: () => void
  busy: boolean
}

export const Away = ({ error, onRetry, busy }: AwayProps) => (
  <Page title={say.title} width="narrow">
    <div className="grid gap-6">
      <h1 className="text-3xl font-semibold">{say.title}</h1>
      <p className="text-lg text-muted">{say.text}</p>
      <ProblemNotice error={error} onRetry={onRetry} busy={busy} />
    </div>
  </Page>
)
