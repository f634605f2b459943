// Placeholder until its room is built.
import { Page } from '@/ui/page'

export default function Report() {
  return (
    <Page title="Report">
      <h1>Report</h1>
    </Page>
  )
}
