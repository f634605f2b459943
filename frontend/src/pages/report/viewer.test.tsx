// The report's page: what it shows of a document, how it is walked, and what it makes of odd documents.
import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, it, vi } from 'vitest'

import type { ReportDocument } from '@/api/schema'
import { euros } from '@/lib/money'
import { freshSample } from '@/test/sample-report'
import { renderAt } from '@/test/render'

import Viewer from './viewer'

// A whole report in jsdom, on a machine with other work to do.
vi.setConfig({ testTimeout: 20_000 })

vi.mock('./roi/calculator', () => ({ RoiCalculator: () => <p>the calculator</p> }))

const show = (report: ReportDocument, rest = '') =>
  renderAt(
    `/reports/sample${rest}`,
    '/reports/:id',
    <Viewer document={report} actions={<button>PDF</button>} />,
  )

/** The sample, changed before it is shown. */
function changed(change: (report: ReportDocument) => void): ReportDocument {
  const report = freshSample()
  change(report)
  return report
}

const first = <Item,>(items: readonly Item[]): Item => {
  const [item] = items
  if (item === undefined) throw new Error('nothing there')
  return item
}

const place = (id: string) => {
  const found = document.getElementById(id)
  if (!found) throw new Error(`there is no #${id}`)
  return found
}

const details = (within_: Element | null) => {
  const found = within_?.querySelector('details[data-opens]')
  if (!(found instanceof HTMLDetailsElement)) throw new Error('nothing folds there')
  return found
}

/** Presses the filter of this name. */
function choose(name: string) {
  const radios = [...document.querySelectorAll<HTMLInputElement>('input[name="finding-filter"]')]
  fireEvent.click(first(radios.filter((radio) => radio.closest('label')?.textContent === name)))
}

/** A drawing, once its code has come. */
const drawing = (label: string) =>
  waitFor(
    () => {
      const found = document.querySelector(`svg[aria-label="${label}"]`)
      if (!(found instanceof SVGElement)) throw new Error(`${label} is not drawn`)
      return found
    },
    { timeout: 5000 },
  )

const follow = (hash: string) => {
  window.location.hash = hash
  window.dispatchEvent(new HashChangeEvent('hashchange'))
}

describe('what is read first', () => {
  it('is the verdict in words, the totals of the document and the next step', () => {
    const report = freshSample()
    show(report)
    expect(screen.getByRole('heading', { level: 1 }).textContent).toContain(report.company.name)
    const verdict = within(place('verdict'))
    expect(verdict.getByText('Proceed cautiously')).toBeTruthy()
    const { total_value_3y: value, investment_year1: investment } = report.summary
    for (const cents of [value.conservative_cents, value.expected_cents, value.optimistic_cents]) {
      expect(verdict.getByText(euros(cents))).toBeTruthy()
    }
    expect(verdict.getByText(euros(investment.min_cents))).toBeTruthy()
    expect(verdict.getByText('41.5 h')).toBeTruthy()
    expect(verdict.getByText('credited, of 63 h possible')).toBeTruthy()
    expect(verdict.getByText(first(report.quick_wins).first_step)).toBeTruthy()
    expect(screen.getByRole('button', { name: 'PDF' })).toBeTruthy()
  })

  it('says that it is a sample, by whom it was written, and what the checks noted', () => {
    show(
      changed((report) => {
        report.warnings = [
          { code: 'price_old', where: 'vendors' },
          { code: 'number_dropped', where: 'a' },
          { code: 'number_dropped', where: 'b' },
          { code: 'from_the_future', where: 'c' },
        ]
      }),
    )
    expect(screen.getByText(/The company does not exist/)).toBeTruthy()
    expect(screen.getByText(/without a language model/)).toBeTruthy()
    expect(screen.getByText('3 notes from our checks')).toBeTruthy()
    expect(screen.getByText(/number that we could not trace/)).toBeTruthy()
    expect(screen.getByText('A check left the note “from_the_future”.')).toBeTruthy()
  })

  it('names Claude in a report of Claude’s, and no sample where there is none', () => {
    show(
      changed((report) => {
        report.sample = false
        report.writer = 'claude'
        report.models = [{ task: 'findings', model: 'claude-sonnet-5-5' }]
      }),
    )
    expect(screen.queryByText(/The company does not exist/)).toBeNull()
    expect(screen.getByText(/written by Claude/)).toBeTruthy()
    expect(screen.getByText('Findings: claude-sonnet-5-5')).toBeTruthy()
  })

  it('falls back to the roadmap’s first step without quick wins', () => {
    const report = changed((one) => {
      one.quick_wins = []
    })
    show(report)
    const verdict = within(place('verdict'))
    expect(verdict.getByText(first(report.roadmap.short).title)).toBeTruthy()
  })
})

describe('what not to do', () => {
  it('stands in its own section, with the reason and what to do instead', () => {
    const report = freshSample()
    show(report)
    const section = within(place('what-not-to-do'))
    for (const finding of report.findings.filter((one) => !one.recommendable)) {
      expect(section.getByText(finding.why_not ?? 'missing', { exact: false })).toBeTruthy()
      expect(section.getByText(finding.what_instead ?? 'missing', { exact: false })).toBeTruthy()
    }
  })
})

describe('the options', () => {
  it('begin with the winner, and show each net score and conservative figure of the document', () => {
    const report = freshSample()
    show(report)
    for (const recommendation of report.recommendations) {
      const card = document.getElementById(`recommendation-${recommendation.id}`)
      const names = [...(card?.querySelectorAll('h4') ?? [])].map((heading) => heading.textContent)
      const winner = recommendation.options.find((option) => option.kind === recommendation.winner)
      expect(names[0]).toBe(winner?.label)
      for (const option of recommendation.options) {
        expect(card?.textContent).toContain(Math.abs(option.net).toFixed(2))
        expect(card?.textContent).toContain(
          `${euros(option.roi.conservative.net_3y_cents)} after three years`,
        )
        expect(card?.textContent).toContain(option.ineligible_reason ?? '')
      }
    }
  })

  it('say never, and losses, in words', () => {
    const report = changed((one) => {
      for (const option of first(one.recommendations).options) {
        delete option.roi.conservative.payback_months
        option.roi.conservative.net_3y_cents = -123_450
        option.roi.conservative.roi_bp = -10_000
        option.roi.inputs.revenue_year_cents = 0
        option.net = -2.5
      }
      one.summary.total_value_3y = { conservative_cents: 0, expected_cents: 0, optimistic_cents: 0 }
      one.summary.hours_week = { raw: 0, credited: 0 }
    })
    show(report)
    const card = document.getElementById('recommendation-r-01')
    expect(card?.textContent).toContain(
      '−100% in year 1, not paid back by these figures. −€1,234.50 after three years.',
    )
    expect(card?.textContent).toContain('−2.50')
    expect(screen.getAllByText('€0').length).toBeGreaterThan(0)
    expect(screen.getByText('credited in full')).toBeTruthy()
  })

  it('open the calculator only when asked, and at once for a shared scenario', async () => {
    show(freshSample(), '?roi=r-02')
    expect(await screen.findByText('the calculator')).toBeTruthy()
    await waitFor(() =>
      expect(details(document.getElementById('recommendation-r-02'))).toBeInstanceOf(HTMLElement),
    )
    expect(screen.getAllByText('the calculator')).toHaveLength(1)
  })
})

describe('findings', () => {
  it('are filtered by what we say about them', async () => {
    const report = freshSample()
    show(report)
    const shown = () =>
      report.findings.filter((one) => !document.getElementById(`finding-${one.id}`)?.closest('li')?.hidden)
    expect(shown()).toHaveLength(9)
    choose('Not recommended (2)')
    expect(shown().map((one) => one.id)).toEqual(['f-08', 'f-09'])
    choose('Recommended (7)')
    expect(shown().every((one) => one.recommendable)).toBe(true)
    expect(document.body.textContent).toContain('7 findings shown')
  })

  it('say when a kind has none', async () => {
    show(
      changed((report) => {
        report.findings = report.findings.filter((one) => one.recommendable)
        report.summary.avoid = []
      }),
    )
    expect(screen.getByText('There is nothing that we advise against.')).toBeTruthy()
    choose('Not recommended (0)')
    expect(screen.getByText('There is no finding of this kind.')).toBeTruthy()
  })

  it('show a hidden one when a link leads to it', async () => {
    show(freshSample())
    choose('Recommended (7)')
    follow('#finding-f-08')
    await waitFor(() => expect(document.getElementById('finding-f-08')?.closest('li')?.hidden).toBe(false))
    expect(document.activeElement?.id).toBe('finding-f-08')
  })
})

describe('links into the report', () => {
  it('unfold what they lead to and hold the focus there', () => {
    const went = vi.spyOn(Element.prototype, 'scrollIntoView')
    show(freshSample())
    const finding = document.getElementById('finding-f-03')
    expect(details(finding).open).toBe(false)
    follow('#finding-f-03')
    expect(details(finding).open).toBe(true)
    expect(document.activeElement).toBe(finding)
    expect(went.mock.contexts).toContain(finding)
    follow('#recommendation-r-04')
    expect(details(document.getElementById('recommendation-r-04')).open).toBe(true)
  })

  it('are followed at the start, and nonsense is left alone', async () => {
    show(freshSample(), '#finding-f-05')
    await waitFor(() => expect(details(document.getElementById('finding-f-05')).open).toBe(true))
    follow('#%E0%A4%A')
    follow('#no-such-place')
    expect(screen.getByRole('heading', { level: 1 })).toBeTruthy()
  })

  it('lead to places that exist, each only once', () => {
    show(freshSample())
    const targets = [...document.querySelectorAll('a[href^="#"]')].map((link) =>
      link.getAttribute('href')?.slice(1),
    )
    expect(targets.length).toBeGreaterThan(40)
    for (const id of new Set(targets))
      expect([id, document.querySelectorAll(`[id="${id}"]`).length]).toEqual([id, 1])
  })
})

describe('what a figure rests on', () => {
  const open = (name: string) => {
    const note = first(
      [...document.querySelectorAll(`[popover][aria-label="${name}"]`)].filter(
        (one) => one instanceof HTMLElement,
      ),
    )
    fireEvent(note, Object.assign(new Event('beforetoggle'), { newState: 'open' }))
    return within(note)
  }

  it('is made only when it opens, and names assumptions with value, origin and sensitivity', () => {
    const report = freshSample()
    show(report)
    const wage = first(report.methodology.assumptions)
    expect(screen.getAllByText(wage.statement)).toHaveLength(1)
    const note = open('Where this comes from: Value over three years')
    expect(note.getByText(wage.statement)).toBeTruthy()
    expect(note.getByText(wage.value)).toBeTruthy()
    expect(note.getAllByText('From your answers').length).toBeGreaterThan(0)
    expect(note.getByText(`If it is wrong: ${wage.sensitivity}`)).toBeTruthy()
  })

  it('holds sources with their state, linked only to ordinary web addresses', () => {
    const report = changed((one) => {
      const [verified, odd] = one.methodology.sources
      if (verified) Object.assign(verified, { status: 'verified', url: 'https://example.org/study' })
      if (odd) Object.assign(odd, { status: 'verified', url: 'javascript:alert(1)' })
      first(one.findings).evidence = [
        { kind: 'benchmark', ref: verified?.id ?? '', text: 'one' },
        { kind: 'benchmark', ref: odd?.id ?? '', text: 'two' },
      ]
    })
    show(report)
    const note = open('Where this comes from: F-01, these figures')
    expect(note.getAllByText(/Verified, checked at the source/)).toHaveLength(2)
    const links = note.getAllByText('example.org').map((text) => text.closest('a'))
    expect(links).toHaveLength(1)
    expect(first(links)?.getAttribute('href')).toBe('https://example.org/study')
    expect(first(links)?.getAttribute('rel')).toBe('noreferrer noopener')
    expect(first(links)?.textContent).toContain('opens in a new tab')
    expect(document.querySelector('a[href^="javascript:"]')).toBeNull()
  })
})

describe('texts of strangers', () => {
  it('are shown and never run', () => {
    const hostile = '<img src=x onerror="window.hit=1"><script>window.hit=1</script>'
    const report = changed((one) => {
      one.company.name = hostile
      one.verdict.headline = hostile
      one.summary.key_insight = hostile
      first(one.findings).title = hostile
      first(one.findings).evidence = [{ kind: 'answer', ref: 'x', text: hostile }]
      const recommendation = first(one.recommendations)
      recommendation.why_winner = hostile
      first(recommendation.options).pros = [hostile]
      first(recommendation.options).label = hostile
    })
    const { container } = show(report)
    expect(screen.getByRole('heading', { level: 1 }).textContent).toContain(hostile)
    expect(container.querySelector('img, script')).toBeNull()
    expect(Reflect.get(window, 'hit')).toBeUndefined()
  })
})

describe('drawings', () => {
  it('come with a title, a sentence and their numbers as a table', async () => {
    const report = freshSample()
    show(report)
    const matrix = await drawing('Cost against benefit, all options')
    const figure = matrix.closest('figure')
    expect(figure?.querySelectorAll('tbody tr')).toHaveLength(15)
    expect(figure?.textContent).toContain('Our 5 choices are filled')
    for (const one of document.querySelectorAll('figure')) {
      expect(one.querySelector('figcaption')?.textContent).toMatch(/\w/)
      expect(one.querySelectorAll('tbody tr').length).toBeGreaterThan(2)
    }
    expect(document.querySelectorAll('svg [d*="NaN"], svg [x*="NaN"]')).toHaveLength(0)
  })

  it('name the options of one recommendation when it is chosen', async () => {
    show(freshSample())
    const matrix = await drawing('Cost against benefit, all options')
    expect(matrix.textContent).not.toContain('R-05 Overjet: +0.55')
    fireEvent.change(first([...document.querySelectorAll('select')]), { target: { value: 'r-05' } })
    expect(matrix.textContent).toContain('R-05 Overjet: +0.55')
  })

  it('draw options without any benefit or cost, too', async () => {
    show(
      changed((one) => {
        for (const { options } of one.recommendations) {
          for (const { roi } of options) {
            Object.assign(roi.inputs, { implementation_cents: 0, monthly_cents: 0 })
            for (const scenario of [roi.conservative, roi.expected, roi.optimistic]) {
              Object.assign(scenario, { benefit_year_cents: 0, net_3y_cents: 0, payback_months: undefined })
            }
          }
        }
      }),
    )
    await drawing('Cost against benefit, all options')
    expect(document.querySelectorAll('svg [d*="NaN"], svg [x*="NaN"], svg [y*="NaN"]')).toHaveLength(0)
    expect(screen.getAllByText('not paid back within 36 months').length).toBeGreaterThan(0)
  })
})

describe('paper', () => {
  it('unfolds everything, and folds it again', () => {
    show(freshSample())
    const folded = () => document.querySelectorAll('main details:not([open])').length
    const before = folded()
    expect(before).toBeGreaterThan(10)
    window.dispatchEvent(new Event('beforeprint'))
    expect(folded()).toBe(0)
    window.dispatchEvent(new Event('afterprint'))
    expect(folded()).toBe(before)
  })
})
