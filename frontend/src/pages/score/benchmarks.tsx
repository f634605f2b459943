// Figures from the industry, each with where it is from and how far it can be trusted, in words.
import type { BenchmarkStatus, TeaserBenchmark } from '@/api/schema'
import { Section } from '@/pages/score/section'
import { score as say } from '@messages/score'
import { Badge, type Tone } from '@/ui/badge'

const TONES: Record<BenchmarkStatus, Tone> = { verified: 'good', estimate: 'warn', unverified: 'neutral' }

export const Benchmarks = ({ benchmarks }: { benchmarks: readonly TeaserBenchmark[] }) =>
  benchmarks.length > 0 && (
    <Section title={say.benchmarks.title} help={say.benchmarks.help}>
      <ul className="grid divide-y divide-rule border-y border-rule">
        {benchmarks.map((benchmark) => (
          <Figure key={benchmark.id} benchmark={benchmark} />
        ))}
      </ul>
    </Section>
  )

function Figure({ benchmark }: { benchmark: TeaserBenchmark }) {
  const status = say.benchmarks.status[benchmark.status]
  const source = say.benchmarks.source(benchmark.publisher, benchmark.year)
  return (
    <li className="grid gap-1.5 py-4">
      <h3 className="font-semibold">{benchmark.title}</h3>
      <p className="max-w-prose">{unbroken(benchmark.statement)}</p>
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-muted">
        {isWebAddress(benchmark.url) ? (
          <a
            href={benchmark.url}
            rel="noreferrer"
            className="inline-flex min-h-11 items-center text-accent underline underline-offset-4"
          >
            {source}
          </a>
        ) : (
          <span>{source}</span>
        )}
        <Badge tone={TONES[benchmark.status]}>{status.word}</Badge>
        <span>{status.text}</span>
      </p>
    </li>
  )
}

/** No line ends between a figure and its sign. */
const unbroken = (text: string) => text.replaceAll(/(\d) %/g, '$1\u00a0%')

const isWebAddress = (url: string | undefined): url is string => url?.startsWith('https://') ?? false
