// Placeholder until its room is built.
import { Page } from '@/ui/page'

export default function Checkout() {
  return (
    <Page title="Checkout">
      <h1>Checkout</h1>
    </Page>
  )
}
