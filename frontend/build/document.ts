// Documents as text: placeholders filled, scripts and styles set in, what only people need taken out.

/** Puts each value in place of its `<!--name-->` or, inside an attribute, of its `{{name}}`. */
export function fill(template: string, values: Readonly<Record<string, string>>): string {
  const used = new Set<string>()
  const filled = template.replaceAll(
    /<!--([a-z]+)-->|\{\{([a-z]+)\}\}/g,
    (all: string, mark?: string, quoted?: string) => {
      const name = mark ?? quoted ?? ''
      const value = values[name]
      if (value === undefined) throw new Error(`nothing to put in place of ${all}`)
      used.add(name)
      return quoted === undefined && name !== 'title' ? value : escaped(value)
    },
  )
  const left = Object.keys(values).filter((name) => !used.has(name))
  if (left.length > 0) throw new Error(`the template has no place for ${left.join(', ')}`)
  return filled
}

export function inlineStyle(css: string): string {
  if (/<\/style/i.test(css)) throw new Error('a sheet that would end its own element')
  return `<style>${css}</style>`
}

export function inlineScript(code: string): string {
  if (/<\/script|<!--/i.test(code)) throw new Error('a script that would end its own element')
  return `<script type="module">${code}</script>`
}

/** Without the comments and indentation of the source; what stands between words on a line stays. */
export function tidy(document: string): string {
  return (
    document
      .replaceAll(/<!--[^]*?-->/g, '')
      .replaceAll(/^\s*\/\/.*$/gm, '')
      .replaceAll(/\s*\n\s*/g, '\n')
      // The server looks for it in exactly this form, to put its settings in.
      .replace(/(id="crb-config">)\s*\{\}\s*</, '$1{}<')
      .trim()
      .concat('\n')
  )
}

/** The full sheet is for React's markup: at the end it does not hold back the skeleton, yet comes before the scripts run. */
export function sheetBehindSkeleton(document: string): string {
  const sheets = document.match(/<link rel="stylesheet"[^>]*>/g) ?? []
  const without = sheets.reduce((rest, sheet) => rest.replace(sheet, ''), document)
  return without.replace('</body>', () => `${sheets.join('')}</body>`)
}

/**
 * Paints the outline before its code is asked for: on a slow line and a slow phone the two would share what there is. In a tab
 * that nobody looks at nothing is painted, so nothing is waited for.
 */
export function outlineFirst(document: string): string {
  const entry = /<script type="module" crossorigin src="([^"]+)"><\/script>\n?/.exec(document)
  const [tag, source] = entry ?? []
  if (tag === undefined || source === undefined) throw new Error('the document does not load the app')
  const preloads = /<link rel="modulepreload" crossorigin href="([^"]+)">\n?/g
  const files = [...document.matchAll(preloads)].map((match) => match[1])
  const start = [
    'const start = () => {',
    `for (const href of ${JSON.stringify(files)}) document.head.append(Object.assign(document.createElement('link'), { rel: 'modulepreload', href }))`,
    `import(${JSON.stringify(source)})`,
    '}',
    'if (document.hidden) start()',
    'else requestAnimationFrame(() => setTimeout(start))',
  ]
  return document
    .replaceAll(preloads, '')
    .replace(tag, '')
    .replace('</body>', () => `<script type="module">${start.join('\n')}</script></body>`)
}

/** Every class of the markup, once, in a fixed order. */
export function classesIn(markup: string): string[] {
  const classes = new Set<string>()
  for (const [, list = ''] of markup.matchAll(/\sclass="([^"]*)"/g)) {
    for (const name of unescaped(list).split(/\s+/)) if (name) classes.add(name)
  }
  return [...classes].toSorted()
}

const unescaped = (text: string) =>
  text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#x27;', "'")
    .replaceAll('&amp;', '&')

const escaped = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
