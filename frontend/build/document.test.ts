// Documents as text.
import { expect, test } from 'vitest'

import {
  classesIn,
  fill,
  inlineScript,
  inlineStyle,
  outlineFirst,
  sheetBehindSkeleton,
  tidy,
} from './document.ts'

test('markup goes in as it is, texts are escaped', () => {
  const template = '<title><!--title--></title><meta content="{{title}}"><!--page-->'
  expect(fill(template, { title: 'A "quoted" <b> & more', page: '<p>$& stays</p>' })).toBe(
    '<title>A &quot;quoted&quot; &lt;b&gt; &amp; more</title><meta content="A &quot;quoted&quot; &lt;b&gt; &amp; more"><p>$& stays</p>',
  )
})

test('a place without a value and a value without a place stop the build', () => {
  expect(() => fill('<!--page-->', {})).toThrow('<!--page-->')
  expect(() => fill('', { page: '' })).toThrow('no place for page')
})

test('what would end its own element is refused', () => {
  expect(() => inlineScript('"</script>"')).toThrow('end its own element')
  expect(() => inlineStyle('a{content:"</style>"}')).toThrow('end its own element')
})

test('comments and indentation go, the config block gets the form that the server looks for', () => {
  const source =
    '<head>\n  <!-- why -->\n  <script>\n    // why\n    go("http://x")\n  </script>\n  <script type="application/json" id="crb-config">\n      {}\n  </script>\n</head>\n'
  expect(tidy(source)).toBe(
    '<head>\n<script>\ngo("http://x")\n</script>\n<script type="application/json" id="crb-config">{}</script>\n</head>\n',
  )
})

test('classes, once each, as they were before they were escaped', () => {
  expect(
    classesIn('<p class="b a"><a class="[&amp;&gt;svg]:p-1 a">class=&quot;x&quot;</a><i data-class="c">'),
  ).toEqual(['[&>svg]:p-1', 'a', 'b'])
})

test('the full sheet moves behind the skeleton', () => {
  const sheet = '<link rel="stylesheet" crossorigin href="/assets/app.css">'
  expect(sheetBehindSkeleton(`<head>${sheet}</head><body><p></p></body>`)).toBe(
    `<head></head><body><p></p>${sheet}</body>`,
  )
})

test('the app is asked for after the outline, with all that it needs', () => {
  const head = [
    '<link rel="modulepreload" crossorigin href="/assets/quiz-1.js">',
    '<script type="module" crossorigin src="/assets/app-1.js"></script>',
    '<link rel="modulepreload" crossorigin href="/assets/frame-1.js">',
  ].join('\n')
  const document = outlineFirst(`<html><head>${head}</head><body><h1>Quiz</h1></body></html>`)
  const [before = '', after = ''] = document.split('<h1>Quiz</h1>')
  expect(before).not.toContain('/assets/')
  expect(after).toContain('["/assets/quiz-1.js","/assets/frame-1.js"]')
  expect(after).toContain('import("/assets/app-1.js")')
})

test('a document that does not load the app is refused', () => {
  expect(() => outlineFirst('<html><body></body></html>')).toThrow('does not load the app')
})
