// Under /checkout: the order before the payment, and the way back from it.
import { Route, Routes } from 'react-router'

import { OrderPage } from '@/pages/checkout/order-page'
import { ReturnPage } from '@/pages/checkout/return-page'
import NotFound from '@/pages/errors/not-found'

export default function Checkout() {
  return (
    <Routes>
      <Route index element={<OrderPage />} />
      <Route path="return" element={<ReturnPage />} />
      <Route path="*" element={<NotFound />} />
    </Routes>
  )
}
