// Refusals and faults: what happened and what to do next.
import type { ApiProblem } from '@/api/problem'

interface Words {
  title: string
  text: string
}

const away: Words = {
  title: 'Our server is not answering',
  text: 'This is on our side. What you entered is safe. Please try again in a moment.',
}

const byCode: Partial<Record<ApiProblem['code'], Words>> = {
  offline: {
    title: 'No connection',
    text: 'We could not reach the server. Check your connection and try again; nothing is lost.',
  },
  unauthenticated: {
    title: 'This link does not open',
    text: 'The link is incomplete or no longer valid. Use the newest link from your mail.',
  },
  unpaid: { title: 'Not paid yet', text: 'This needs a payment first.' },
  not_found: { title: 'Not found', text: 'There is nothing here, or this link does not open it.' },
  gone: { title: 'This has expired', text: 'Quizzes are kept for seven days. Please start a new one.' },
  conflict: {
    title: 'Something changed in between',
    text: 'It was changed in another window. Please look at the newest state and try again.',
  },
  precondition_required: {
    title: 'Something changed in between',
    text: 'Please load the page again and repeat your change.',
  },
  invalid: { title: 'Please check what you entered', text: 'Some of it cannot be accepted as it is.' },
  malformed: {
    title: 'That did not work',
    text: 'The request was not understood. Please load the page again.',
  },
  too_large: { title: 'That is too long', text: 'Please shorten it.' },
  too_many: { title: 'Too many requests', text: 'Please wait a moment and try again.' },
  request_timeout: away,
  internal: {
    title: 'Something broke on our side',
    text: 'We have been told about it. Please try again in a moment.',
  },
  upstream: away,
  unavailable: away,
}

export const problems = {
  byCode,
  unexpected: {
    title: 'Something went wrong',
    text: 'Please load the page again. If it happens again, tell us what you did.',
  },
  retry: 'Try again',
  quote: 'If you ask us for help, quote this number:',
  broken: {
    title: 'This page broke',
    text: 'Your answers and your report are safe; only this page stopped. Loading it again usually helps.',
    reload: 'Load the page again',
    home: 'To the start page',
  },
  away: {
    offline: {
      title: 'No connection',
      text: 'Nothing is lost. This page goes on by itself when the connection is back.',
    },
    maintenance: {
      title: 'We will be back in a moment',
      text: 'Our server is being updated or has too much to do. What you entered is safe, and this page tries again by itself.',
    },
    busy: 'Trying again',
  },
  notFound: {
    title: 'This page does not exist',
    text: 'The address may be mistyped, or the page has moved.',
    home: 'To the start page',
    quiz: 'To the quiz',
  },
}
