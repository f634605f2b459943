// The calculator in the reader's hands.
import { fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, describe, expect, test, vi } from 'vitest'

import { rememberToken } from '@/lib/report-access'
import { RoiCalculator } from '@/pages/report/roi/calculator'
import { recommendation, surroundings } from '@/test/recommendation'

const TOKEN = 'kDCBCPsG2QTm5Ek4BO3p4OuGGLk-ZGyOwLsmkOzNqFM'
const at = (search: string) => window.history.replaceState(null, '', `/reports/x${search}#findings`)
const show = (document = surroundings) =>
  render(<RoiCalculator recommendation={recommendation} document={document} />)
const field = (label: string) => screen.getByLabelText<HTMLInputElement>(label)
const option = () => screen.getByLabelText<HTMLSelectElement>('Option')
const result = () => within(screen.getByLabelText('Result'))

beforeEach(() => at(''))

test('starts with the report’s own figures, the careful scenario first', () => {
  show()
  expect(field('Hours saved a week').value).toBe('5')
  expect(field('Cost of an hour').value).toBe('50')
  const net = result()
    .getAllByText(/^−?€[\d,.]+$/)
    .map((node) => node.firstChild?.textContent)
  expect(net.slice(0, 2)).toEqual(['€9,695.20', '€3,998.40'])
  expect(result().getByText('+263.5%')).toBeTruthy()
  expect(result().getAllByText('As in the report')).toHaveLength(3)
  // The optimistic one is above the cap, and the careful payback is under three months.
  expect(result().getByText('+500%')).toBeTruthy()
  expect(result().getByText(/no return above 500%/)).toBeTruthy()
  expect(result().getByText(/only half of the expected benefit the return is \+159.6%/)).toBeTruthy()
  expect(screen.getByText('Back to the report’s figures').ariaDisabled).toBe('true')
})

test('other figures: another result, the difference, the address, and one announcement', async () => {
  show()
  fireEvent.change(field('Hours saved a week, slider'), {
    target: { value: '2.5' },
  })
  expect(field('Hours saved a week').value).toBe('2.5')
  // Conservative: 1,999.20 a year, so 5,997.60 less over three years.
  expect(result().getByText('€5,997.60 less than in the report')).toBeTruthy()
  await waitFor(() => expect(window.location.search).toBe('?roi=r-01&option=off_the_shelf&hours=2.5'))
  expect(window.location.hash).toBe('#findings')
  const said = await screen.findByText(
    /^Conservative: return/,
    { selector: '[role=status] *' },
    { timeout: 2_000 },
  )
  expect(said.textContent).toContain('net over three years €3,697.60')
})

test('what is typed and no figure yet changes nothing and says why', async () => {
  const user = userEvent.setup()
  show()
  await user.clear(field('Cost of an hour'))
  expect(screen.getByRole('alert').textContent).toContain('Please enter a number')
  expect(result().getByText('+263.5%')).toBeTruthy()
  await user.type(field('Cost of an hour'), '9999')
  expect(screen.getByRole('alert').textContent).toContain('Please stay between €10 and €500.')
  expect(field('Cost of an hour').getAttribute('aria-invalid')).toBe('true')
  await user.clear(field('Cost of an hour'))
  await user.type(field('Cost of an hour'), '25.50')
  expect(screen.queryByRole('alert')).toBeNull()
  expect(result().queryByText('+263.5%')).toBeNull()
})

test('another option keeps the reader’s hours and brings its own costs and confidence', async () => {
  const user = userEvent.setup()
  show()
  fireEvent.change(field('Hours saved a week'), { target: { value: '10' } })
  fireEvent.change(field('Running cost a month'), { target: { value: '1' } })
  await user.selectOptions(option(), 'custom')
  expect(field('Hours saved a week').value).toBe('10')
  expect(field('Running cost a month').value).toBe('120')
  expect(screen.getByText(/Confidence: low, so 70% of the benefit is counted/)).toBeTruthy()
  expect(screen.getByText(/ruled out. Somebody has to build it/)).toBeTruthy()
})

test('never is said in words', () => {
  show()
  fireEvent.change(field('Hours saved a week'), { target: { value: '0' } })
  expect(result().getAllByText('Never')).toHaveLength(3)
  expect(result().getAllByText('−100%')).toHaveLength(3)
})

test('a link opens its scenario; what was nonsense in it is said', () => {
  at('?roi=r-01&option=custom&hours=8&rate=nonsense')
  show()
  expect(option().value).toBe('custom')
  expect(field('Hours saved a week').value).toBe('8')
  expect(field('Cost of an hour').value).toBe('50')
  expect(screen.getByText(/Some figures in the link could not be used/)).toBeTruthy()
})

test('back to the report’s figures: fields, result and address', async () => {
  const user = userEvent.setup()
  at('?roi=r-01&option=custom&hours=8')
  show()
  await user.click(screen.getByText('Back to the report’s figures'))
  expect(field('Hours saved a week').value).toBe('5')
  expect(result().getAllByText('As in the report')).toHaveLength(3)
  await waitFor(() => expect(window.location.search).toBe(''))
})

describe('the link of a scenario', () => {
  const copied = async (document = surroundings) => {
    const user = userEvent.setup()
    const write = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue()
    at('?roi=r-01&option=custom')
    show(document)
    await user.click(screen.getByText('Copy this scenario’s link'))
    return write.mock.calls[0]?.[0]
  }

  test('without the key it is said that it works only here', async () => {
    const link = await copied()
    expect(link).toBe(
      `http://localhost:3000/reports/${surroundings.report_id}?roi=r-01&option=custom#calculator-r-01`,
    )
    expect(screen.getByText(/works only in this browser/)).toBeTruthy()
  })

  test('with the key it opens the report, and that is said', async () => {
    rememberToken(surroundings.report_id, TOKEN)
    expect(await copied()).toContain(`?roi=r-01&option=custom#token=${TOKEN}&calculator-r-01`)
    expect(screen.getByText(/Whoever has the link can read/)).toBeTruthy()
  })

  test('the sample needs no key', async () => {
    expect(await copied({ ...surroundings, sample: true })).toBe(
      'http://localhost:3000/reports/sample?roi=r-01&option=custom#calculator-r-01',
    )
  })
})
