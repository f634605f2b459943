// Placeholder until its room is built.
import { Page } from '@/ui/page'

export default function Admin() {
  return (
    <Page title="Admin">
      <h1>Admin</h1>
    </Page>
  )
}
