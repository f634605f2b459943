// Euros for people, from integer cents; the same text as the PDF and the mails.

const whole = new Intl.NumberFormat('en-GB', { style: 'currency', currency: 'EUR', maximumFractionDigits: 0 })
const exact = new Intl.NumberFormat('en-GB', { style: 'currency', currency: 'EUR', minimumFractionDigits: 2 })

/** `€14,836`, `€3,998.40`, `−€1,234.50`: cents only where there are any. */
export function euros(cents: number): string {
  const text = (cents % 100 === 0 ? whole : exact).format(cents / 100)
  return text.replace('-', '−')
}

/** `€240 to €1,200`, or one figure where both ends are the same. */
export function euroRange(min: number, max: number): string {
  return min === max ? euros(min) : `${euros(min)} to ${euros(max)}`
}
