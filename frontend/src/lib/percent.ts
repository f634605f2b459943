// Ratios and plain numbers for people.

const upToOne = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 })
const upToTwo = new Intl.NumberFormat('en-GB', { minimumFractionDigits: 0, maximumFractionDigits: 2 })

/** `+263.5%`, `−12%`: a change, from basis points, as the PDF and the mails write it. */
export function signedPercent(basisPoints: number): string {
  const size = upToOne.format(Math.abs(basisPoints) / 100)
  const sign = size === '0' ? '' : basisPoints > 0 ? '+' : '−'
  return `${sign}${size}%`
}

/** `25%`: a share, from basis points. */
export function share(basisPoints: number): string {
  return `${upToOne.format(basisPoints / 100)}%`
}

/** `+3.95`, `−1.93`: a NET score. */
export function net(score: number): string {
  const sign = score > 0 ? '+' : score < 0 ? '−' : ''
  return `${sign}${Math.abs(score).toFixed(2)}`
}

/** `5`, `7.5`, `1.77`. */
export function number(value: number): string {
  return upToTwo.format(value).replace('-', '−')
}
