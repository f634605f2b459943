// Placeholder until its room is built.
import { Page } from '@/ui/page'

export default function Score() {
  return (
    <Page title="Score">
      <h1>Score</h1>
    </Page>
  )
}
