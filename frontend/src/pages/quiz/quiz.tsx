// Placeholder until its room is built.
import { Page } from '@/ui/page'

export default function Quiz() {
  return (
    <Page title="Quiz">
      <h1>Quiz</h1>
    </Page>
  )
}
