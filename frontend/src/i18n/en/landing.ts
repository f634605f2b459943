// The start page.
export const landing = {
  meta: {
    title: 'CRB Analyser: where AI pays off for your business, and where not',
    description:
      'Answer 23 questions and see your readiness score for free. Pay once for a report that weighs cost, risk and benefit of three ways to do each thing, with every number computed by code.',
  },
}
