// `npm run preview-image`: takes the picture of link previews by the system's Chromium. Run it when the start page's
// words change, and reduce it to 64 colours by any image tool before it is committed; the build needs no browser.
import { join } from 'node:path'
import { chromium } from '@playwright/test'

import { inlineStyle } from './document.ts'
import { root } from './paths.ts'
import { loadMarkup } from './prerender.ts'
import { stylesFor } from './styles.ts'

const { renderPreview } = await loadMarkup()
const body = renderPreview()
const browser = await chromium.launch({
  executablePath: process.env['CHROME_PATH'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
})
const page = await browser.newPage({ viewport: { width: 1200, height: 630 }, colorScheme: 'light' })
await page.setContent(`<!doctype html><meta charset="utf-8">${inlineStyle(await stylesFor(body))}${body}`)
await page.screenshot({ path: join(root, 'public/og.png') })
await browser.close()
