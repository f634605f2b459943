// What the pages count on: which route an address has, what it says, and what a link does to the history.
import { act, fireEvent, screen, waitFor } from '@testing-library/react'
import { lazy, Suspense } from 'react'
import { expect, test, vi } from 'vitest'

import {
  Link,
  matches,
  NavLink,
  Redirect,
  Route,
  Switch,
  useLocation,
  useNavigate,
  useParam,
  useSearchParams,
} from '@/lib/navigation'
import { renderAround } from '@/test/render'

function Where() {
  const { pathname, search, hash, state } = useLocation()
  return <output>{`${pathname}${search}${hash} ${JSON.stringify(state)}`}</output>
}

const where = () => screen.getByRole('status').textContent

test.each([
  ['/quiz/*', '/quiz', true],
  ['/quiz/*', '/quiz/', true],
  ['/quiz/*', '/quiz/dental/revenue', true],
  ['/quiz/*', '/quizzes', false],
  ['/reports/:id', '/reports/sample', true],
  ['/reports/:id', '/reports/sample/', true],
  ['/reports/:id', '/Reports/sample', true],
  ['/reports/:id', '/reports', false],
  ['/reports/:id', '/reports/sample/print', false],
  ['*', '/', true],
  ['*', '/any/where', true],
])('%s and %s: %s', (route, address, expected) => {
  expect(matches(route, address)).toBe(expected)
})

test.each([
  ['/vendors/attio', 'attio'],
  ['/vendors/attio/', 'attio'],
  ['/vendors/Z%C3%BCrich%20%26%20Co', 'Zürich & Co'],
  ['/vendors/a%2Fb', 'a/b'],
  ['/vendors/50%2525', '50%25'],
  ['/vendors/50%', '50%'],
])('a part of %s is decoded once: %s', (address, expected) => {
  const Part = () => <p>[{useParam('slug')}]</p>
  renderAround(
    address,
    <Route path="/vendors/:slug">
      <Part />
    </Route>,
  )
  expect(screen.getByText(`[${expected}]`)).toBeTruthy()
})

test('what is searched for is decoded once, and changed in the address alone', () => {
  function Search() {
    const [params, setParams] = useSearchParams()
    const change = (text?: string) =>
      setParams(new URLSearchParams(text && { query: text }), { replace: true })
    return (
      <>
        <p>[{params.get('query')}]</p>
        <button onClick={() => change('100%41 & more')}>other</button>
        <button onClick={() => change()}>none</button>
      </>
    )
  }
  renderAround('/vendors?query=50%2525+off#top', <Search />)
  expect(screen.getByText('[50%25 off]')).toBeTruthy()
  const steps = window.history.length
  fireEvent.click(screen.getByText('other'))
  expect(screen.getByText('[100%41 & more]')).toBeTruthy()
  expect(window.location.pathname).toBe('/vendors')
  fireEvent.click(screen.getByText('none'))
  expect(window.location.href).toBe(`${window.location.origin}/vendors`)
  expect(window.history.length).toBe(steps)
})

test('goes on with a state, replaces without a step, and Back goes back', async () => {
  function Buttons() {
    const navigate = useNavigate()
    return (
      <>
        <button onClick={() => navigate('/two?a=1#b', { state: { from: '/one' } })}>on</button>
        <button onClick={() => navigate('/three', { replace: true })}>instead</button>
        <button onClick={() => navigate(-1)}>back</button>
      </>
    )
  }
  renderAround('/one', [<Buttons key="buttons" />, <Where key="where" />])
  fireEvent.click(screen.getByText('on'))
  expect(where()).toBe('/two?a=1#b {"from":"/one"}')
  const steps = window.history.length
  fireEvent.click(screen.getByText('instead'))
  expect(where()).toBe('/three null')
  expect(window.history.length).toBe(steps)
  fireEvent.click(screen.getByText('back'))
  await waitFor(() => expect(where()).toBe('/one null'))
})

test('a redirect leaves no step behind it', () => {
  renderAround('/old', [
    <Route key="route" path="/old">
      <Redirect to="/new" replace state={{ cancelled: true }} />
    </Route>,
    <Where key="where" />,
  ])
  expect(where()).toBe('/new {"cancelled":true}')
})

test('a link carries its state, and is no step where one already is', () => {
  renderAround('/a', [
    <Link key="link" to="/b?c=1" state={{ from: '/a' }} className="look">
      there
    </Link>,
    <Where key="where" />,
  ])
  const link = screen.getByRole('link')
  expect(link.getAttribute('href')).toBe('/b?c=1')
  expect(link.className).toBe('look')
  fireEvent.click(link)
  expect(where()).toBe('/b?c=1 {"from":"/a"}')
  const steps = window.history.length
  fireEvent.click(link)
  expect(window.history.length).toBe(steps)
})

test.each([{ ctrlKey: true }, { metaKey: true }, { shiftKey: true }, { altKey: true }, { button: 1 }])(
  'a click with %o is left to the browser',
  (manner) => {
    renderAround('/a', [
      <Link key="link" to="/b">
        there
      </Link>,
      <Where key="where" />,
    ])
    let isOurs: boolean | undefined
    // Looked at last, and then kept from jsdom, which cannot open a tab.
    window.addEventListener(
      'click',
      (event) => {
        isOurs = event.defaultPrevented
        event.preventDefault()
      },
      { once: true },
    )
    fireEvent.click(screen.getByRole('link'), manner)
    expect(isOurs).toBe(false)
    expect(where()).toBe('/a null')
  },
)

test('a click that the page itself takes goes nowhere', () => {
  const take = vi.fn<(event: React.MouseEvent) => void>((event) => event.preventDefault())
  renderAround('/a', [
    <Link key="link" to="/b" onClick={take}>
      there
    </Link>,
    <Where key="where" />,
  ])
  fireEvent.click(screen.getByRole('link'))
  expect(take).toHaveBeenCalledOnce()
  expect(where()).toBe('/a null')
})

test.each([
  ['/admin/vendors', 'page'],
  ['/admin/vendors/', 'page'],
  ['/admin/vendors/attio', 'page'],
  ['/admin/vendors-old', null],
  ['/admin', null],
])('at %s the link to /admin/vendors is current: %s', (address, expected) => {
  renderAround(address, <NavLink to="/admin/vendors">vendors</NavLink>)
  expect(screen.getByRole('link').getAttribute('aria-current')).toBe(expected)
})

test('the page that one leaves stays, with its own address, until the code of the next one is there', async () => {
  let arrive = () => {}
  const code = new Promise<{ default: () => React.ReactNode }>((done) => {
    arrive = () => done({ default: () => <h1>The next page</h1> })
  })
  const Next = lazy(() => code)
  renderAround(
    '/first',
    <Suspense fallback={<p>skeleton</p>}>
      <Switch>
        <Route path="/first">
          <Where />
          <Link to="/next">on</Link>
        </Route>
        <Route path="/next">
          <Next />
        </Route>
      </Switch>
    </Suspense>,
  )
  fireEvent.click(screen.getByRole('link'))
  expect(window.location.pathname).toBe('/next')
  expect(where()).toBe('/first null')
  expect(screen.queryByText('skeleton')).toBeNull()
  await act(async () => arrive())
  expect(screen.getByRole('heading', { name: 'The next page' })).toBeTruthy()
  expect(screen.queryByRole('link')).toBeNull()
})
