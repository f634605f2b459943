// The free score, and what the report would add to it.
export const score = {
  title: 'Your readiness score',
  lead: 'How ready your business is for AI and automation, computed by fixed rules from your answers.',
  /** The score is not the answer to the question that people have next. */
  notValue:
    'The score says how ready you are, not what you would save. That depends on what you do next, and is what the report works out.',
  cancelled: {
    title: 'Nothing was charged',
    text: 'You left the payment page. Your answers and your score are kept, and you can go on whenever you like.',
  },
  bands: {
    early_stage:
      'Most work still runs by hand and from memory. Small, ready-made steps come first; larger automation has little to stand on yet.',
    developing:
      'Part of the ground is there, with gaps between your tools and your routines. Simple tools that fit what you already do are the safest start.',
    established:
      'Your data and your routines can carry automation. What matters now is which steps pay off, and in which order.',
    advanced:
      'You are ready in most respects. What is left to gain lies in choosing well, and in leaving out what does not pay.',
  },
  parts: {
    title: 'What makes up the score',
    help: 'Five parts, each from 0 to 100. Their weighted mean is your score.',
    of: (points: string) => `${points} of 100`,
    weight: (share: string) => `Counts ${share}`,
    mostRoom: 'Would lift the score most',
    // The same names as in the report's PDF.
    data: { name: 'Data', drives: 'Where your business data lives, and whether it is connected.' },
    process: { name: 'Process', drives: 'How settled and how written down your way of working is.' },
    tech: { name: 'Technology', drives: 'How many tools you use, and how well they work together.' },
    team: {
      name: 'Team',
      drives: 'How at ease your team is with technology, and what it has tried with AI.',
    },
    strategy: {
      name: 'Strategy',
      drives: 'Who decides, what you would spend, and how soon it should happen.',
    },
  },
  reflections: {
    title: 'What you told us',
    help: 'The report starts from this.',
  },
  areas: {
    title: 'Where it may pay off',
    help: 'The areas you named, in your order, and what we would look at in each.',
    high: 'High potential',
    medium: 'Medium potential',
    none: 'None of the areas you named has a ready-made opportunity in our knowledge of your industry. The report looks at the business as a whole.',
  },
  quickWin: {
    title: 'One step for today',
    minutes: (minutes: number) => `Takes about ${minutes} minutes. No tool and no report needed.`,
    towards: (title: string) => `A first step towards: ${title}`,
  },
  benchmarks: {
    title: 'Figures from your industry',
    help: 'Each with its source and with how far it can be trusted.',
    source: (publisher: string, year: number) => `Source: ${publisher}, ${year}`,
    status: {
      verified: { word: 'Verified', text: 'We compared it with the source.' },
      estimate: { word: 'Estimate', text: 'Judged, not measured.' },
      unverified: { word: 'Unverified', text: 'As published; we have not compared it with the source.' },
    },
  },
  adds: {
    title: 'What the report adds',
    help: 'Nothing below is written yet. It is written for your business after you order, while you watch.',
    findings: (planned: number) => ({
      title: `About ${planned} findings`,
      text: 'Where time and money go, each with its evidence and with how sure we are.',
    }),
    options: (count: number) => ({
      title: `${count} options for each recommendation`,
      text: 'Off the shelf, best in class or custom, compared by cost, risk and benefit.',
    }),
    against: {
      title: 'At least two things not to do',
      text: 'What sounds good and would not pay off for you, why, and what to do instead.',
    },
    money: {
      title: 'Costs, payback and three-year value',
      text: 'Under three scenarios. A model writes the words, code computes every number.',
    },
  },
  jump: 'See what the full report adds',
  offer: {
    title: 'The full report',
    total: 'One payment. Nothing is added later.',
    included: (findings: number, recommendations: number, options: number) => [
      `About ${findings} findings for your business`,
      `Up to ${recommendations} recommendations with ${options} options each`,
      'Every assumption and every source, open to check',
      'As a page and as a PDF, with the link by mail',
    ],
    refund:
      'If your report cannot be written, we tell you by mail, and either finish it or return what you paid. You never pay a second time for the same report.',
    order: 'Get the full report',
    goOn: 'Continue to payment',
    open: 'Open your report',
    paid: 'You have paid for this report already.',
    sample: 'See a sample report first',
    priceAway: 'The price could not be loaded. You see it on the next page, before you pay.',
    priceLoading: 'Loading the price',
  },
  noSession: {
    title: 'There is no score on this device yet',
    text: 'Answer the quiz first: it is free, needs no account, and ends with your score. If you answered it on another device, open the link you copied there.',
    start: 'Start the quiz',
    sample: 'See a sample report',
  },
  unfinished: {
    title: 'Your quiz is not finished yet',
    text: 'Your answers are kept. Check them once and send them off; the score comes right after.',
    review: 'Go to the review',
  },
  gone: {
    title: 'This quiz is no longer there',
    text: 'An unfinished quiz is kept for seven days, and a finished one without an order for about a month longer. You can take it again at any time; it is free.',
    start: 'Start a new quiz',
  },
}
