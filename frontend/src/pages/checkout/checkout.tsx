// Under /checkout: the order before the payment, and the way back from it.
import { Route, Switch } from '@/lib/navigation'
import { OrderPage } from '@/pages/checkout/order-page'
import { ReturnPage } from '@/pages/checkout/return-page'
import NotFound from '@/pages/errors/not-found'

export default function Checkout() {
  return (
    <Switch>
      <Route path="/checkout">
        <OrderPage />
      </Route>
      <Route path="/checkout/return">
        <ReturnPage />
      </Route>
      <Route>
        <NotFound />
      </Route>
    </Switch>
  )
}
