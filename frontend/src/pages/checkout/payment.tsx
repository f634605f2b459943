// The way out to the payment page, and the page that is found again after the browser's Back.
import { useEffect, useState } from 'react'

import { leaveForPayment } from '@/pages/checkout/leave'
import { checkout as say } from '@messages/checkout'

export function usePayment() {
  const [state, setState] = useState<'here' | 'leaving' | 'refused'>('here')
  useEffect(() => {
    // Back from the payment page the browser shows this one as it was left, with a button that is still busy.
    const shown = (event: PageTransitionEvent) => {
      if (event.persisted) setState('here')
    }
    window.addEventListener('pageshow', shown)
    return () => window.removeEventListener('pageshow', shown)
  }, [])
  return {
    isLeaving: state === 'leaving',
    isRefused: state === 'refused',
    open: (address: string) => setState(leaveForPayment(address) ? 'leaving' : 'refused'),
  }
}

export const BadAddress = () => (
  <section role="alert" className="grid gap-2 rounded-card border border-bad bg-bad-tint p-5">
    <h2 className="font-semibold text-bad">{say.badAddress.title}</h2>
    <p>{say.badAddress.text}</p>
  </section>
)
