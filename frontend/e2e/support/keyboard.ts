// Somebody without a mouse: everything by keys, nothing by coordinates.
import { expect, type Locator, type Page } from '@playwright/test'

const FAR = 120

/** Tab by tab to this element, as a person would; the focus has to be visible there. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible()
  for (let step = 0; step < FAR; step += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) {
      await expectVisibleFocus(target)
      return
    }
    await page.keyboard.press('Tab')
  }
  throw new Error(`not reached by ${FAR} tabs: ${target}`)
}

/** The focus ring shows, and no sticky bar covers the element. */
async function expectVisibleFocus(target: Locator): Promise<void> {
  const state = await target.evaluate((element) => {
    // The ring may be drawn around the card that the input belongs to.
    const cards = [element, element.closest('label'), element.parentElement].filter((one) => one !== null)
    const isRinged = (one: Element) => {
      const style = getComputedStyle(one)
      return style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 2
    }
    const box = element.getBoundingClientRect()
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2)
    return {
      isOutlined: cards.some(isRinged),
      isUncovered: top !== null && (element.contains(top) || top.contains(element)),
    }
  })
  expect(state, 'the focus is visible').toEqual({ isOutlined: true, isUncovered: true })
}
