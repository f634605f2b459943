// The order, the way to the payment page, and the way back.
export const checkout = {
  title: 'Order your report',
  lead: 'Check your order. You pay on the next page.',
  back: 'Back to your score',
  summary: {
    title: 'Your order',
    for: (findings: number, recommendations: number) =>
      `About ${findings} findings and up to ${recommendations} recommendations for your business, as a page and as a PDF.`,
    total: 'Total',
    totalHelp: 'This is the whole amount. The payment page adds nothing to it.',
  },
  mail: {
    label: 'Your mail address',
    help: 'The confirmation and the link to your report go there, and no advertising. Please check it: it cannot be changed once the order is placed.',
    missing: 'Please enter your mail address.',
    invalid: 'This is not a complete mail address. It looks like name@example.org.',
  },
  pay: (total: string) => `Go to payment: ${total}`,
  paying: 'Opening the payment page',
  terms: {
    before: 'By ordering you agree to the',
    terms: 'terms',
    between: 'How we treat your data is in the',
    privacy: 'privacy notice',
  },
  next: {
    title: 'What happens next',
    steps: [
      'You pay on a page of Stripe, our payment provider. We never see your card.',
      'You come back here, and the report is written while you watch. That usually takes under two minutes.',
      'You get the link by mail, so you can close the page at any time.',
    ],
    refund:
      'If the report cannot be written, we tell you by mail, and either finish it or return what you paid.',
  },
  safe: 'Nothing was charged. Trying again is safe: it stays one order.',
  badAddress: {
    title: 'The payment page has an unsafe address',
    text: 'We did not open it, and nothing was charged. Please tell us, so that we can mend it.',
  },
  tooLittle: {
    title: 'We would rather not sell you this report',
    words: 'What the check of your answers says:',
    text: 'Nothing was charged, and your score stays free.',
    change:
      'Were some answers rough guesses? The hours of admin work a week, what an hour costs you and what you would spend count most. You can take the quiz again with better figures.',
    again: 'Take the quiz again',
    score: 'Back to your score',
  },
  open: {
    title: 'You have an open order',
    withMail: 'The link to your report goes to',
    unknownMail: 'It was opened in another window or on another device, perhaps with another mail address.',
    text: 'Nothing was charged yet. An order stays open for 24 hours; then you can place a new one, with another mail address if you like.',
    otherMail: (typed: string) => `It cannot be changed to ${typed} any more.`,
    goOn: (total: string) => `Continue to payment: ${total}`,
  },
  paid: {
    title: 'This report is paid already',
    text: 'You do not have to pay again.',
    byMail:
      'This browser does not know the order. The mail that confirmed your payment has the link to the report.',
    open: 'Open your report',
  },
  returned: {
    title: 'Your payment',
    orderNumber: 'Order number',
    copy: 'Copy the order number',
    score: 'Back to your score',
    checking: { title: 'Looking up your order', text: 'One moment, please.' },
    waiting: {
      title: 'Waiting for the confirmation',
      text: 'Stripe tells us when your payment has arrived. This usually takes a few seconds, and then your report opens by itself.',
    },
    long: {
      title: 'The confirmation takes longer than usual',
      text: 'There is nothing you have to do. As soon as Stripe confirms your payment, we start to write and mail you the link to your report.',
      safe: 'You can leave this page open, load it again or close it. None of it makes you pay twice.',
      unfinished: 'Did you not finish the payment? The payment page is still open:',
      pay: 'Open the payment page',
    },
    away: 'We cannot reach our server at the moment. We keep trying; your payment does not depend on this page.',
    paid: { title: 'Your payment has arrived', text: 'Your report opens now.', open: 'Open your report' },
    expired: {
      title: 'This order has expired',
      text: 'No payment had reached us when the payment page closed. Your answers and your score are kept, and you can order again.',
      late: 'Does your bank show a payment after all? Then it is on its way: this page notices it by itself, and we mail you the link.',
      again: 'Order again',
    },
    refunded: {
      title: 'This payment was returned',
      text: 'We have returned what you paid for this order. The report stays readable.',
    },
    partiallyRefunded: {
      title: 'A part of this payment was returned',
      text: 'The rest of the order stands, and the report stays readable.',
    },
    disputed: {
      title: 'This payment is disputed',
      text: 'Your bank is looking into it. Until it is settled, the order stands as it is.',
    },
    failed: {
      title: 'We could not look up your order',
      text: 'If you have paid, nothing is lost: we mail you the link to your report.',
    },
    unknown: {
      title: 'We do not find this order',
      text: 'The address may be incomplete, or the order belongs to another browser.',
      mail: 'If you have paid, the link to your report is in your mail. It opens in every browser.',
    },
    otherBrowser: {
      title: 'This browser did not place the order',
      text: 'Only the browser with the quiz can look the order up.',
      mail: 'If you have paid, the link to your report is in your mail. It opens in every browser.',
    },
  },
}
