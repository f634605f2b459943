// While the report is being written.
import type { PHASES } from '@/api/event'

type Phase = (typeof PHASES)[number]

const stages: Record<Phase, { title: string; text: string }> = {
  assemble: {
    title: 'Reading your answers',
    text: 'We gather what you told us and the figures of your trade.',
  },
  findings: {
    title: 'Looking for what pays off',
    text: 'Claude proposes findings. Each must rest on an answer of yours or on a benchmark.',
  },
  options: {
    title: 'Comparing three options each',
    text: 'A product from the shelf, the best of its kind, and one built for you.',
  },
  compute: { title: 'Computing every figure', text: 'Code works out the euros, the risks and the verdict.' },
  narrative: {
    title: 'Writing the summary',
    text: 'Claude puts the result in words. It gets no number of its own.',
  },
  render: {
    title: 'Checking it and setting the PDF',
    text: 'Every number in the text is checked against the figures.',
  },
}

export const progress = {
  title: 'Your report is being written',
  titleReady: 'Your report is ready',
  tab: (percent: number) => `${percent}% · Your report`,
  intro: 'This page shows the real work as it happens. It usually takes under two minutes.',
  introReady: 'It opens by itself now.',
  introQueued: 'Your report waits for its turn. It starts in a moment.',
  open: 'Open the report',
  bar: 'How much of the report is written',
  percent: (percent: number) => `${percent}%`,
  elapsed: (clock: string) => `${clock} so far`,
  elapsedReady: (clock: string) => `Written in ${clock}`,
  long: 'This takes longer than usual. We keep trying by ourselves, and we write to you either way.',
  safe: 'You can close this page. We mail you the link as soon as the report is ready.',
  mailed: 'We have mailed you the link as well.',
  stages,
  stagesTitle: 'What happens',
  stage: { done: 'Done', now: 'Now', ahead: 'To come' },
  stageNow: (number: number, of: number, title: string) => `Step ${number} of ${of}: ${title}`,
  allDone: 'All steps are done. The report opens.',
  findings: (count: number) =>
    count === 0 ? 'Findings' : count === 1 ? '1 finding so far' : `${count} findings so far`,
  findingsHelp:
    'They are complete once the report is ready: each with its evidence, its hours and its euros.',
  findingsEmpty: 'The first findings appear here as soon as they are written and checked.',
  recommendable: 'Worth a closer look',
  notRecommendable: 'Better not',
  recommendations: (count: number) => (count === 1 ? '1 recommendation' : `${count} recommendations`),
  connection: {
    connecting: 'Connecting to the live view.',
    live: 'Live',
    lost: 'Connection lost, trying again. The report is being written anyway.',
    polling: 'The live view does not get through your network. We ask every few seconds instead.',
    back: 'Connected again.',
  },
}
