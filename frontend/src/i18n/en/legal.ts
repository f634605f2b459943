// Privacy, terms and imprint: what the program does, in plain words. What only its operator knows stands in `operator`.
import { operator } from '@messages/operator'

interface Section {
  title: string
  /** A list stands after its paragraphs. */
  text: readonly string[]
  list?: readonly string[]
}

export interface LegalText {
  meta: { title: string; description: string }
  title: string
  lead: string
  sections: readonly Section[]
}

const privacy: LegalText = {
  meta: {
    title: 'Privacy · CRB Analyser',
    description: 'What CRB Analyser stores, what it sends to whom, and when it deletes it.',
  },
  title: 'Privacy',
  lead: 'What we store, what we send to whom, and when it is deleted. There is no tracking, no advertising and no profile of you.',
  sections: [
    {
      title: 'Who is responsible',
      text: [`${operator.name}, ${operator.address}. Contact: ${operator.contact}.`],
    },
    {
      title: 'When you take the quiz',
      text: [
        'We store your answers, your industry and the score that follows from them. You need no account. A mail address is optional here, and kept only if you agree to it.',
        'Your browser keeps a key that opens your quiz, and answers that could not be sent yet. Whoever has the link for another device can read and change your answers, so treat it like a key.',
      ],
    },
    {
      title: 'When you buy a report',
      text: [
        'You pay on a page of Stripe. Stripe gets your mail address, the amount and your payment data. We never see your card; we store that and when you paid, how much, and the reference of the payment.',
        'We store your mail address in order to send you the receipt of payment and the link to your report. We send no newsletter.',
      ],
    },
    {
      title: 'What is sent to Claude',
      text: [
        'The words of the report are written by Claude, a language model of Anthropic, through its interface for programs. This is what it gets:',
      ],
      list: [
        'the name of your company, its industry and its size',
        'what you wrote about your biggest challenge and what you have tried',
        'answers that a finding builds on, and the figures that we computed from them',
        'facts about products and benchmarks from our own collection',
      ],
    },
    {
      title: 'What is never sent to Claude',
      text: [
        'Your mail address, your payment and your network address. Please write no personal data of others, such as patients or customers, into the free text.',
      ],
    },
    {
      title: 'Cookies and storage in your browser',
      text: [
        'We set one cookie: it opens your report in this browser, for thirty days, and scripts cannot read it. Your browser also remembers the theme that you chose and your quiz. All of it is needed for what you asked for; none of it follows you.',
      ],
    },
    {
      title: 'Technical records',
      text: [
        'Your network address is used to limit how often one address may ask, so that nobody can overload the service. Our logs hold no answers, no mail addresses and no keys.',
        'If something breaks, a technical report of the error can be sent to Sentry. Keys, ids and mail addresses are removed from it before.',
      ],
    },
    {
      title: 'How long we keep it',
      text: ['A program deletes what is past its time:'],
      list: [
        'a quiz that was not paid for: it closes after 7 days, and is deleted 30 days later',
        'a report, with its answers, its PDF and its mails: 365 days',
        'records of calls to Claude and messages from Stripe: 90 days',
        'orders: as long as the law wants books to be kept',
      ],
    },
    {
      title: 'Who works for us',
      text: ['These companies process data on our behalf, as far as their part needs it:'],
      list: [
        'Stripe: payment',
        'Anthropic: the words of the report',
        'SendGrid (Twilio): sending mails',
        'Sentry, where it is in use: error reports',
        `Hosting of the site, its database and its files: ${operator.hosting}`,
      ],
    },
    {
      title: 'Why we may',
      text: [
        'Quiz and report: because you asked for them, and to fulfil the contract with you. Limits, logs and error reports: our interest in a service that works and is safe. Orders: because the law wants books to be kept.',
        `Some of these companies are in the United States: ${operator.transfers}.`,
      ],
    },
    {
      title: 'Your rights',
      text: [
        'You can ask for a copy of everything that is stored under your mail address, have it corrected, or have it erased. When it is erased, the order stays in the books without your address. You can object, and take back an agreement at any time.',
        `Write to ${operator.contact}. You can also complain to ${operator.authority}.`,
      ],
    },
    { title: 'Last change', text: [operator.effective] },
  ],
}

const terms: LegalText = {
  meta: {
    title: 'Terms · CRB Analyser',
    description: 'What you get, what it costs, and what the report is not.',
  },
  title: 'Terms',
  lead: 'What you get, what it costs, and what the report is not.',
  sections: [
    {
      title: 'Who you deal with',
      text: [`${operator.name}, ${operator.address}. Contact: ${operator.contact}.`],
    },
    {
      title: 'What is free',
      text: [
        'The quiz, the readiness score and what is shown with it. They oblige you to nothing. A quiz stays open for 7 days.',
      ],
    },
    {
      title: 'What you buy',
      text: [
        'One report about your company, made from your answers: findings, recommendations with three options each, at least two things that should be left alone, a roadmap and the assumptions behind it. You read it as a page and as a PDF. It is written in English, usually within two minutes.',
        'You can open the report for 365 days by the link that we mail to you. Whoever has the link can read it. Keep the PDF if you need it for longer.',
      ],
    },
    {
      title: 'Price and payment',
      text: [
        `You see the price before you order, and pay it once, through Stripe. There is no subscription and nothing renews itself. ${operator.taxes}.`,
        'The order is placed when you pay on the page of Stripe.',
      ],
    },
    {
      title: 'If the report cannot be written',
      text: [
        'The program tries several times. If it still fails, we tell you by mail, and either finish the report or return what you paid.',
      ],
    },
    { title: 'Withdrawal and refunds', text: [`${operator.refunds}.`] },
    {
      title: 'What the report is not',
      text: [
        'It is an estimate, not a promise. Its figures follow from your answers, from published benchmarks and from formulas that it names. Prices of products carry the month in which they were seen, and may have changed; ask the vendor.',
        'It is no legal, tax, medical or financial advice. The sentences are written by a language model and can be wrong even where the numbers are right. You decide, and you check what you act on.',
      ],
    },
    {
      title: 'What we ask of you',
      text: [
        'Answer as well as you can: the report is no better than the answers. Enter no personal data of others and nothing that you may not share. Do not overload the service or try to break it.',
      ],
    },
    {
      title: 'Use of the report',
      text: [
        'It is yours to use within your company and to show to your advisers. You may share the link; it opens this one report and nothing else.',
      ],
    },
    {
      title: 'Liability and law',
      text: [`${operator.law}.`, `${operator.complaints}.`],
    },
    { title: 'Last change', text: [operator.effective] },
  ],
}

const imprint: LegalText = {
  meta: { title: 'Imprint · CRB Analyser', description: 'Who runs this site, and how to reach them.' },
  title: 'Imprint',
  lead: 'Who runs this site, and how to reach them.',
  sections: [
    { title: 'Operator', text: [operator.name, operator.address, operator.represented] },
    { title: 'Contact', text: [operator.contact] },
    { title: 'Register and tax', text: [operator.register, operator.vat] },
    { title: 'Responsible for the content', text: [`${operator.name}, ${operator.address}`] },
  ],
}

export const legal = {
  privacy,
  terms,
  imprint,
  contents: 'Contents',
  draft: 'Not filled in yet',
  draftText:
    'Whoever runs this site has not filled in every legal detail. The gaps are marked. No lawyer has reviewed this page.',
}
