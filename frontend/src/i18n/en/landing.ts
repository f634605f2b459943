// The start page.
export const landing = {
  meta: {
    title: 'CRB Analyser: where AI pays off in your business, and where not',
    description:
      'Answer 23 questions and see your readiness score for free. Pay once for a report that weighs cost, risk and benefit, with every number computed by code.',
  },
  nav: { label: 'On this site', steps: 'How it works', sample: 'Sample report', questions: 'Questions' },
  imprint: 'Imprint',
  hero: {
    title: 'See where AI pays off in your business, and where it does not',
    lead: 'Answer 23 questions about how you work and get a readiness score for free. If you want to go on, one payment buys a report that weighs cost, risk and benefit of three ways to do each thing, and names what you should leave alone.',
    start: 'Start the free quiz',
    sample: 'See a sample report',
    facts: ['23 questions, about 6 to 8 minutes', 'The score is free, without an account'],
    price: 'One payment, price shown before you pay',
    priceKnown: 'One payment of {price} for the report, no subscription',
  },
  option: {
    kinds: { off_the_shelf: 'Off the shelf', best_in_class: 'Best in class', custom: 'Custom' },
    recommended: 'Recommended',
    possible: 'Possible',
    closed: 'Not open to them',
    net: 'NET',
    benefit: 'benefit',
    cost: 'cost',
    risk: 'risk',
    sum: (benefit: string, cost: string, risk: string, net: string) =>
      `${benefit} benefit − ${cost} cost − ${risk} risk = ${net}`,
    scale: 'NET weighs scores, not only euros. Below zero it is not worth it.',
  },
  steps: {
    title: 'How it works',
    list: [
      {
        title: 'Answer 23 questions',
        text: 'Each answer is saved as you give it. You can stop, and go on within seven days, on another device too.',
      },
      {
        title: 'See your score',
        text: 'A number from 0 to 100, what drives it, and where your chances lie. Computed at once, by fixed rules.',
      },
      {
        title: 'Pay once, if you want the report',
        text: 'You see the price before you decide. The payment runs through Stripe. There is no subscription.',
      },
      {
        title: 'Watch it being written',
        text: 'It usually takes under two minutes. You keep a page, a PDF and the link in your mail.',
      },
    ],
  },
  sample: {
    title: 'One finding, three ways, one recommendation',
    lead: (company: string, employees: number) =>
      `From our sample report about ${company}, a dental practice with ${employees} people that we made up. The figures are computed in the same way as yours. Its words come from our built-in writer instead of Claude, so they are plainer.`,
    from: (company: string) => `From the sample report about ${company}, a practice that we made up`,
    monthly: 'A month',
    setUp: 'To set up',
    weeks: 'Until it runs',
    weeksOf: (weeks: number) => (weeks === 1 ? '1 week' : `${weeks} weeks`),
    roi: 'First-year return, conservative',
    payback: 'Pays for itself after',
    months: (months: string) => `${months} months`,
    value: 'Left after three years, conservative',
    seen: (month: string) => `Price seen in ${month}, not verified since`,
    estimate: 'An estimate, not a list price',
    priceFrom: (month: string) => `Prices: ${month}, not verified since.`,
    why: 'Why this one',
    instead: 'Another would be right if',
    avoid: 'And what they should leave alone',
    whyNot: 'Why not',
    whatInstead: 'What to do instead',
    open: 'Read the whole sample report',
  },
  honest: {
    title: 'What keeps it honest',
    list: [
      {
        title: 'A model writes the words, code computes every number',
        text: 'Claude, a language model by Anthropic, writes the sentences and chooses among what we give it. It computes nothing. A sentence with a number that we did not supply is thrown away.',
      },
      {
        title: 'At least two things not to do',
        text: 'Every report names what does not pay off, why, and what to do instead. A report without that is never sent.',
      },
      {
        title: 'The cautious figure comes first',
        text: 'Each return is shown with 30% less benefit than expected. Weak evidence lowers a figure further, and nothing raises it.',
      },
      {
        title: 'Every price carries its date',
        text: 'You see when a price was seen, and whether somebody verified it since. Ask the vendor before you sign.',
      },
      {
        title: 'Every figure shows where it comes from',
        text: 'Your answer, a published benchmark with its source, or a formula. Assumptions are listed, with what happens if they are wrong.',
      },
      {
        title: 'It says when the answer is no',
        text: 'If the numbers do not carry it, the verdict is to wait. We would rather tell you so than sell you a plan.',
      },
    ],
  },
  industries: {
    title: 'For three industries so far',
    list: [
      {
        slug: 'dental',
        name: 'Dental practices',
        text: 'General and specialist practices, from one chair to a small group.',
        start: 'Start as a dental practice',
      },
      {
        slug: 'home-services',
        name: 'Home services',
        text: 'Plumbing, heating, electrical, cleaning, garden and repair.',
        start: 'Start as a home service',
      },
      {
        slug: 'professional-services',
        name: 'Professional services',
        text: 'Law firms, accountants, tax advisers, consultants and agencies.',
        start: 'Start as a professional service',
      },
    ],
    others:
      'Yours is not among them? Then not yet. A finding needs the figures of its industry, and we have them for these three only. There is no waiting list to sign.',
  },
  questions: {
    title: 'Questions',
    list: [
      {
        question: 'What is in the report?',
        answer:
          'A verdict, seven to twelve findings, and three to five recommendations with three options each: cost, risk, benefit, return and payback. At least two findings say what not to do. Then a roadmap, first steps, and every assumption with its source. You read it as a page and as a PDF.',
      },
      {
        question: 'Is the score really free?',
        answer:
          'Yes. You need no account and no mail address, and no payment data. The score is computed from your answers by fixed rules; no model is involved.',
      },
      {
        question: 'How sure are the figures?',
        answer:
          'They are estimates from your answers and from published benchmarks, not a promise. Each says how strong its evidence is. In the report you can change the assumptions and see what happens.',
      },
      {
        question: 'What do you do with my answers?',
        answer:
          'We compute your score and, if you buy it, your report. For the report, parts of them are sent to Claude. We do not track you and show no advertisements. The privacy page says what is kept, and for how long.',
      },
      {
        question: 'What happens if my report cannot be written?',
        answer:
          'The program tries several times and goes on where it stopped. If it still fails, you get a mail, we are told, and we either finish the report or return what you paid. You are never charged twice for it.',
      },
      {
        question: 'How long can I read it?',
        answer:
          'For a year, by the link in your mail. Whoever has the link can read the report. The PDF is yours to keep.',
      },
      {
        question: 'Do you name products?',
        answer:
          'Yes, with the price we saw and when. One of the three options is always a product off the shelf. Treat the price as a starting point and ask for an offer.',
      },
    ],
    privacy: 'Read the privacy page',
  },
  help: {
    title: 'Help',
    list: [
      {
        title: 'You have a mail from us',
        text: 'Write to the address at its end, and quote the order number that stands beside it.',
      },
      {
        title: 'You have no mail from us',
        text: 'The imprint says how to reach us.',
      },
      {
        title: 'You see an error',
        text: 'Trying again is safe: nothing is lost and nothing is charged twice. If it stays, tell us the number below the message.',
      },
      {
        title: 'You lost the link to your report',
        text: 'It stands in the mails about your payment and your finished report. If both are gone, write to us.',
      },
    ],
  },
  close: { title: 'Eight minutes, and you know where you stand' },
}
