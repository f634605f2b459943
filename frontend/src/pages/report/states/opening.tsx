// Before anybody knows whether the report is there or still being written; also what the server's document shows.
import { reportStates } from '@messages/report-states'
import { Page } from '@/ui/page'
import { Block } from '@/ui/skeleton'

const say = reportStates.opening

export const Opening = () => (
  <Page title={say.title}>
    <div className="grid gap-4" aria-busy="true">
      <h1 className="text-3xl font-semibold sm:text-4xl">{say.title}</h1>
      <p className="max-w-prose text-lg text-muted">{say.text}</p>
      <Block className="mt-4 h-64 w-full" />
    </div>
  </Page>
)
