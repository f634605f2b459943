// The report's page: what stands around the words of the report itself.
export const report = {
  title: (company: string) => `Report for ${company}`,
  eyebrow: 'Cost, risk and benefit of AI and automation',
  about: (industry: string, employees: number, day: string) =>
    `${industry} · ${employees === 1 ? '1 employee' : `${employees} employees`} · ${day}`,
  sampleBadge: 'Sample',
  sample: 'This is a sample. The company does not exist; the calculations are the same as in a real report.',
  offline:
    'The words in this report come from built-in texts, without a language model. Every number is computed.',
  claude:
    'The words were written by Claude. Every number was computed by code, from your answers and the sources named at the end.',
  notes: (count: number) => (count === 1 ? 'One note from our checks' : `${count} notes from our checks`),
  unknownNote: (code: string) => `A check left the note “${code}”.`,

  nav: {
    label: 'Sections of the report',
    verdict: 'Verdict',
    avoid: 'What not to do',
    recommendations: 'Recommendations',
    findings: 'Findings',
    roadmap: 'Roadmap',
    readiness: 'Readiness',
    method: 'Method',
  },

  verdict: {
    label: 'Our verdict',
    reasons: 'Why',
    instead: 'Do this first',
    review: (day: string) => `Look at this again on ${day}.`,
    insight: 'What matters most',
  },

  next: {
    label: 'Your next step',
    minutes: (minutes: number) => `About ${minutes} minutes`,
    weeks: (from: number, to: number) => (from === to ? `Week ${from}` : `Weeks ${from} to ${to}`),
    for: (title: string) => `It prepares: ${title}`,
  },
  begin: 'Begin with',
  leave: 'Leave alone',

  money: {
    title: 'Value and cost',
    value: 'Value over three years',
    valueNote: 'conservative, before costs',
    valueHow:
      'The saved time and added revenue of the recommended options together, over three years and before their cost. Hours are counted only as far as your team has them. The conservative figure takes 20% off the value of time and 30% off added revenue; the optimistic one adds as much.',
    investment: 'Investment in year 1',
    investmentNote: 'set-up and twelve months, all recommendations',
    investmentHow: 'What the recommended options cost to set up and to run for twelve months, added up.',
    investmentOf: (setup: string, monthly: string) => `${setup} once, ${monthly} a month`,
    hours: 'Hours won a week',
    hoursValue: (hours: string) => `${hours} h`,
    hoursNote: (raw: string) => `credited, of ${raw} possible`,
    hoursSame: 'credited in full',
    hoursHow: (credited: string, raw: string) =>
      `The recommendations could save ${raw} hours a week if they did not share the same people. We never count more than half of your team’s working time, so ${credited} hours are credited. The total uses these.`,
    readiness: 'Readiness',
    of100: (score: number) => `${score} / 100`,
    readinessLink: 'What it is made of',
    notSum:
      'The figures of single recommendations do not add up to these totals: each is computed as if it were the only step.',
  },

  avoid: {
    title: 'What not to do',
    lead: 'We looked at these, too, and advise against them for now.',
    whyNot: 'Why not',
    instead: 'Do this instead',
    more: 'What this rests on',
    none: 'There is nothing that we advise against.',
  },

  recommendations: {
    title: 'Recommendations',
    lead: 'Each compares three ways to do it. Our choice is the way with the highest net score among those open to you. Figures are the conservative scenario unless they say otherwise.',
    openAll: 'Open all',
    foldAll: 'Fold all',
    answers: (id: string) => `Answers finding ${id}`,
    customers: 'For your customers',
    business: 'For your business',
    ourChoice: 'Our choice',
    week: (weeks: number) => (weeks === 1 ? '1 week' : `${weeks} weeks`),
    compare: 'Compare the three options',
    why: (option: string) => `Why ${option}`,
    chooseIf: 'Choose another if',
    sensitivity: 'If only half the benefit comes',
    sensitivityText: (roi: string, payback: string, net: string) =>
      `The return in year 1 is ${roi}, ${payback}, and ${net} remain after three years.`,
    alone: (credited: string, raw: string) =>
      `Computed as if this were your only step, with all ${raw} hours a week. Together with the others, ${credited} hours a week are credited.`,
    assumptions: 'Rests on these assumptions',
    calculator: 'Try your own figures',
    calculatorLoading: 'Loading the calculator',
  },

  option: {
    price: 'Price',
    monthly: (price: string) => `${price} a month`,
    setup: (price: string) => `${price} once to set up`,
    noSetup: 'no set-up cost',
    listed: (price: string, unit: string) => `Listed at ${price}${unit}`,
    onRequest: 'Estimate: the vendor quotes on request',
    seen: (month: string, freshness: string) => `Seen ${month}, ${freshness}`,
    verified: (day: string, freshness: string) => `Verified ${day}, ${freshness}`,
    noPrice: 'No price known',
    priceHow:
      'Starting prices as last observed. Larger plans cost more; ask for a quote before you decide. Where a product is priced per user or location, the figures use as many as you need.',
    customHow:
      'A range from our knowledge base for a solution of this size. The figures use the middle of it.',
    returns: 'Return, conservative',
    roi: (percent: string) => `${percent} in year 1`,
    over: (percent: string) => `over ${percent}`,
    net3y: (money: string) => `${money} after three years`,
    others: 'Expected and optimistic',
    capped:
      'We never show more than +500%: beyond that, the figure says more about a small cost than about you.',
    returnsHow:
      'Benefit of a year = hours a week × cost of an hour × weeks × efficiency × adoption × confidence, plus half of the added revenue × confidence. The return compares it with the cost of year 1.',
    facts: {
      hours: 'Hours a week',
      rate: 'Cost of an hour',
      revenue: 'Added revenue a year',
      confidence: 'Confidence counted',
      benefit: 'Benefit a year, conservative',
      setup: 'Set-up',
      monthly: 'A month',
    },
    net: 'Net score',
    parts: { benefit: 'benefit', cost: 'cost', risk: 'risk' },
    netHow:
      'Benefit is the mean of four values from 0 to 10, cost the mean of six, risk is between 1 and 125 and counts a tenth. Above zero, the benefit outweighs the rest.',
    netBar: (net: string, benefit: string, cost: string, risk: string) =>
      `Net score ${net}: benefit ${benefit}, minus cost ${cost}, minus risk ${risk}`,
    benefits: 'Benefit, each 0 to 10',
    costs: 'Cost, each 0 to 10',
    mean: 'Mean',
    ready: 'Ready in',
    fit: 'Fits you',
    fitOf: (fit: number) => `${fit} of 100`,
    fitHow:
      'How well this way suits what your team can do (30%), how you prefer to work (20%), your budget (20%), the time you have (15%) and its value (15%). It stands beside the net score and does not change it.',
    eligible: 'Open to you',
    yes: 'Yes',
    no: 'No',
    pros: 'For it',
    cons: 'Against it',
    risk: 'Risk',
    riskOf: (score: string) => `${score} of 125`,
    riskHow: 'Probability × impact × the mean of visibility and detection. Each is between 1 and 5.',
    riskPart: (value: number) => `${value} of 5`,
  },

  /** How long until the money is back. */
  payback: {
    never: 'not paid back by these figures',
    months: (months: string) => (months === '1.0' ? 'paid back in 1 month' : `paid back in ${months} months`),
    atOnce: 'paid back at once',
    years: (months: string, years: string) => `paid back in ${months} months (about ${years} years)`,
  },

  findings: {
    title: 'Findings',
    lead: 'The values for customers and for the business run from 1 to 10. We recommend a step only where both reach 6.',
    filter: 'Show',
    all: (count: number) => `All (${count})`,
    recommended: (count: number) => `Recommended (${count})`,
    notRecommended: (count: number) => `Not recommended (${count})`,
    shown: (count: number) => (count === 1 ? '1 finding shown' : `${count} findings shown`),
    none: 'There is no finding of this kind.',
    isRecommended: 'Recommended',
    isNot: 'Not recommended',
    customers: 'For customers',
    business: 'For the business',
    of10: (value: number) => `${value} of 10`,
    time: 'Time',
    hours: (hours: string) => `${hours} h a week`,
    revenue: 'Revenue',
    aYear: (money: string) => `${money} a year`,
    figures: 'these figures',
    figuresHow: (calculation: string | undefined) =>
      calculation
        ? `Computed from your answers: ${calculation}`
        : 'No hours or revenue are counted for this finding.',
    today: 'Today',
    evidence: (count: number) =>
      count === 1 ? 'What it rests on (1 reference)' : `What it rests on (${count} references)`,
    solution: 'What we recommend for it',
    copy: (id: string) => `Copy the link to finding ${id}`,
    copyRecommendation: (id: string) => `Copy the link to recommendation ${id}`,
    copied: 'Link copied',
    copiedWithKey: 'Link copied. Whoever has it can read this report.',
    inAddress: 'The link now stands in the address bar',
  },

  /** Why a finding has its level of confidence. */
  confidence: {
    answers: 'It rests on your own answers.',
    verified: 'A benchmark that was checked at its source supports it.',
    noVerified: 'No benchmark behind it was checked at its source.',
    noAnswers: 'None of your answers speaks to it directly.',
    calculated: 'The calculation uses your own numbers.',
    notCalculated: 'No number of yours enters a calculation.',
    lowered: 'It was lowered by one level because a check left something out.',
  },

  roadmap: {
    title: 'Roadmap',
    lead: 'In this order, one after the other, so that the same people are not asked for everything at once.',
    none: 'Nothing is planned for this time.',
    quickWins: 'Quick wins',
    quickLead: 'What can be done today, before anything is bought.',
    minutes: (minutes: number) => `${minutes} minutes`,
    prepares: 'Prepares',
    belongs: 'Belongs to',
  },

  readiness: {
    title: 'Readiness',
    lead: 'How well your business is prepared for automation, from your answers.',
    score: (score: number, band: string) => `${score} of 100: ${band}`,
    weight: (share: string) => `weight ${share}`,
    chart: 'The five parts of your readiness',
    summary: (best: string, bestScore: string, worst: string, worstScore: string) =>
      `Strongest is ${best} with ${bestScore} of 100; weakest is ${worst} with ${worstScore}.`,
    part: 'Part',
    scoreHead: 'Score, of 100',
    weightHead: 'Weight',
  },

  method: {
    title: 'Method',
    lead: 'Words were written, numbers were computed. This is how.',
    constants: (weeks: number, efficiency: string, adoption: string) =>
      `A year has ${weeks} working weeks. Of the hours that could be saved, ${efficiency} are counted as efficiency and ${adoption} as adoption. Each benefit is weighed by the confidence of its evidence: high 100%, medium 85%, low 70%.`,
    formulas: 'The formulas',
    formula: [
      'Benefit a year = hours a week × cost of an hour × weeks × efficiency × adoption × confidence + revenue × confidence × 50%',
      'Cost in year 1 = set-up + 12 × monthly',
      'Return in year 1 = (benefit − cost) ÷ cost',
      'Payback = set-up ÷ (benefit ÷ 12 − monthly)',
      'After three years = 3 × benefit − set-up − 36 × monthly',
      'Net score = benefit − cost − risk ÷ 10',
    ],
    assumptions: 'Assumptions',
    number: 'No.',
    assumption: 'Assumption',
    value: 'Value',
    from: 'From',
    wrong: 'If it is wrong',
    sources: 'Sources',
    sourcesNone: 'No outside source was used.',
    source: 'Source',
    publisher: 'Publisher',
    year: 'Year',
    status: 'Status',
    confidence: 'Confidence of the findings',
    confidenceText: (high: number, medium: number, low: number) =>
      `${high} with high, ${medium} with medium and ${low} with low confidence.`,
    count: 'Findings',
    level: 'Confidence',
    limits: 'Limits',
    made: 'How this report was made',
    generated: 'Written',
    models: 'Models',
    noModels: 'none, built-in texts',
    engine: 'Engine',
    knowledge: 'Knowledge',
    texts: 'Prompts',
    reportId: 'Report',
  },

  /** The small button beside a figure and what it opens. */
  basis: {
    about: (figure: string) => `Where this comes from: ${figure}`,
    assumptions: 'Assumptions behind it',
    sources: 'Sources',
    sensitivity: 'If it is wrong:',
    all: 'All assumptions and sources',
  },
  newTab: '(opens in a new tab)',

  charts: {
    table: 'Show the numbers as a table',
    loading: 'Loading the drawing',
    failed: 'The drawing could not be loaded. The table below holds the same numbers.',
    recommendation: 'Recommendation',
    option: 'Option',
    ourChoice: 'Our choice',
    matrix: {
      title: 'Cost against benefit, all options',
      summary: (winners: number, options: number, above: number) =>
        `Our ${winners === 1 ? 'choice is' : `${winners} choices are`} filled, the other options hollow. ${above} of ${options} options lie above the line on which benefit equals cost.`,
      cost: 'Cost (0 to 10), lower is better',
      benefit: 'Benefit (0 to 10), higher is better',
      equal: 'benefit = cost',
      show: 'Highlight',
      all: 'All',
      costHead: 'Cost',
      benefitHead: 'Benefit',
      riskHead: 'Risk',
      netHead: 'Net score',
    },
    timeline: {
      title: (label: string) => `${label}: value over 36 months`,
      summary: (payback: string, conservative: string, expected: string, optimistic: string) =>
        `By the conservative figures it is ${payback}. After three years ${conservative} remain; ${expected} if all goes as expected, ${optimistic} at best.`,
      month: 'Month',
      axis: 'Months after the start',
      breakEven: (month: string) => `paid back: month ${month}`,
      neverWithin: 'not paid back within 36 months',
    },
    bars: {
      title: 'The three options after three years',
      summary: (best: string, money: string) =>
        `Conservative to optimistic, costs taken off. By the conservative figures ${best} leaves most: ${money}. Our choice also weighs effort and risk.`,
    },
    key: {
      conservative: 'conservative',
      expected: 'expected',
      optimistic: 'optimistic',
    },
  },
}
