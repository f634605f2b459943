// Lighthouse, as a phone on slow 4G sees the pages: the median of five visits each, against `budgets.json`.
//
//   node run.mjs BASEURL [page …]      a running product with stand-ins for Claude and Stripe, e.g. http://127.0.0.1:8383
//   RUNS=1 node run.mjs BASEURL quiz   a quick look at one page
import { readFileSync } from 'node:fs'
import lighthouse from 'lighthouse'
import { launch } from 'puppeteer-core'

import { preparations } from './pages.mjs'

const { lighthouse: limits } = JSON.parse(readFileSync(new URL('../budgets.json', import.meta.url), 'utf8'))
const RUNS = Number(process.env.RUNS ?? 5)
const [base, ...chosen] = process.argv.slice(2)
if (!base) {
    console.error('usage: node run.mjs BASEURL [page …]')
    process.exit(2)
}

const unknown = chosen.filter((name) => !(name in limits.pages))
if (unknown.length > 0) {
    console.error(`no such page: ${unknown.join(', ')}; there are ${Object.keys(limits.pages).join(', ')}`)
    process.exit(2)
}

const faults = []
console.log(
    `| page | score | LCP ms | TBT ms | CLS | KB | accessibility | |\n|---|--:|--:|--:|--:|--:|--:|---|`,
)
for (const name of chosen.length > 0 ? chosen : Object.keys(limits.pages)) {
    const visits = []
    for (let run = 0; run < RUNS; run += 1) visits.push(await visit(name))
    const seen = medians(visits)
    const refused = judge(seen, { ...limits.everyPage, ...limits.pages[name] })
    faults.push(...refused.map((reason) => `${name}: ${reason}`))
    console.log(
        `| ${name} | ${seen.score} | ${Math.round(seen.lcp)} | ${Math.round(seen.tbt)} | ${seen.cls.toFixed(3)} | ${Math.round(seen.bytes / 1024)} | ${seen.accessibility} | ${refused.length > 0 ? 'too slow' : 'ok'} |`,
    )
}
for (const fault of faults) console.error(`refused: ${fault}`)
process.exit(faults.length > 0 ? 1 : 0)

/** One visit in a browser of its own, prepared as the page needs it. */
async function visit(name, isRetry = false) {
    const browser = await launch({
        executablePath: process.env.CHROME_PATH ?? '/usr/bin/chromium',
        args: [
            '--no-sandbox',
            '--disable-gpu',
            '--disable-quic',
            '--no-first-run',
            '--disable-background-networking',
            '--disable-component-update',
            '--disable-sync',
        ],
    })
    try {
        const page = await browser.newPage()
        const { path, storage = {} } = await preparations[name](base)
        await page.evaluateOnNewDocument((entries) => {
            for (const [key, value] of Object.entries(entries))
                localStorage.setItem(key, JSON.stringify(value))
        }, storage)
        // The defaults are the mobile preset: simulated slow 4G, a processor four times slower.
        const flags = { onlyCategories: ['performance', 'accessibility'], logLevel: 'error', output: 'json' }
        const { lhr } = await lighthouse(base + path, flags, undefined, page)
        if (lhr.runtimeError) throw new Error(lhr.runtimeError.code)
        return measured(lhr)
    } catch (error) {
        // The first navigation of a fresh browser is sometimes missed; twice in a row means something else.
        if (isRetry || !String(error.message).includes('NO_NAVSTART')) throw error
        return await visit(name, true)
    } finally {
        await browser.close()
    }
}

function measured({ audits, categories }) {
    const value = (id) => audits[id].numericValue
    return {
        score: Math.round(categories.performance.score * 100),
        lcp: value('largest-contentful-paint'),
        tbt: value('total-blocking-time'),
        cls: value('cumulative-layout-shift'),
        bytes: value('total-byte-weight'),
        accessibility: Math.round(categories.accessibility.score * 100),
    }
}

function medians(visits) {
    const median = (figures) => figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)]
    return Object.fromEntries(
        Object.keys(visits[0]).map((key) => [key, median(visits.map((one) => one[key]))]),
    )
}

function judge(seen, limit) {
    const atMost = ['lcp', 'tbt', 'cls'].filter((key) => seen[key] > limit[key])
    const atLeast = ['score', 'accessibility'].filter((key) => seen[key] < limit[key])
    return [
        ...atMost.map((key) => `${key} is ${Math.round(seen[key] * 1000) / 1000}, more than ${limit[key]}`),
        ...atLeast.map((key) => `${key} is ${seen[key]}, less than ${limit[key]}`),
    ]
}
