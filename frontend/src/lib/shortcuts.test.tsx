// Single keys act on the page, and never on what somebody types.
import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, test } from 'vitest'

import { isControl, isTyping, optionAt, optionKey, useShortcuts } from '@/lib/shortcuts'

function Keys({ onKey }: { onKey: (key: string) => boolean }) {
  useShortcuts({ onKey })
  return (
    <>
      <h1 tabIndex={-1}>Heading</h1>
      <input aria-label="field" />
      <textarea aria-label="area" />
      <input type="radio" aria-label="radio" />
      <dialog aria-label="sheet" />
    </>
  )
}

test('options go by 1 to 9, then A to Z, in either case', () => {
  expect([0, 8, 9, 34, 35].map(optionKey)).toEqual(['1', '9', 'A', 'Z', undefined])
  expect(['1', '9', 'a', 'A', 'z', '0', 'Enter', 'ä', ''].map(optionAt)).toEqual([
    0,
    8,
    9,
    9,
    34,
    undefined,
    undefined,
    undefined,
    undefined,
  ])
})

test('keys count on the page and on a radio, not in fields, dialogs or with the browser’s modifiers', async () => {
  const seen: string[] = []
  const onKey = (key: string) => {
    if (key.length === 1) seen.push(key)
    return true
  }
  render(<Keys onKey={onKey} />)
  const user = userEvent.setup()
  await user.keyboard('1')
  screen.getByLabelText('radio').focus()
  await user.keyboard('b')
  expect(seen).toEqual(['1', 'b'])
  screen.getByLabelText('field').focus()
  await user.keyboard('2')
  screen.getByLabelText('area').focus()
  await user.keyboard('3{Backspace}')
  screen.getByRole('heading').focus()
  await user.keyboard('{Alt>}{ArrowLeft}{/Alt}{Control>}c{/Control}{Meta>}r{/Meta}')
  screen.getByLabelText('sheet').setAttribute('open', '')
  await user.keyboard('4')
  expect(seen).toEqual(['1', 'b'])
})

test('what a target makes of keys', () => {
  render(
    <>
      <button type="button">
        <span>go</span>
      </button>
      <input type="checkbox" aria-label="box" />
      <input type="search" aria-label="search" />
      <a href="/">link</a>
      <p />
    </>,
  )
  const of = (selector: string) => document.querySelector(selector)
  expect([of('span'), of('[type=checkbox]'), of('a'), of('p')].map(isControl)).toEqual([
    true,
    true,
    true,
    false,
  ])
  expect([of('[type=search]'), of('[type=checkbox]'), of('p'), null].map(isTyping)).toEqual([
    true,
    false,
    false,
    false,
  ])
})
