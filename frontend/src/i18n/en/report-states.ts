// In a report's place: the link opens nothing, nobody answers, or it could not be written.
export const reportStates = {
  opening: {
    title: 'Opening your report',
    text: 'It opens by its own link alone. If it is still being written, you watch it here as it happens: every step, and every finding as soon as it stands.',
  },
  denied: {
    title: 'This link does not open a report',
    text: 'Every report opens only by its own link, and the link has to be complete.',
    steps: [
      'Use the newest link from our mail, and open it as a whole: the part behind the # belongs to it.',
      'If you copied the link, copy it once more. Mail programs sometimes cut it at the end of a line.',
      'Reports are kept for a year. After that the link opens nothing.',
    ],
    stepsTitle: 'What helps',
    sample: 'See the sample report',
    home: 'To the start page',
  },
  away: {
    title: 'Your report cannot be loaded just now',
    text: 'It is safe where it is. The link stays the same.',
  },
  failed: {
    title: 'Your report could not be finished',
    reason: 'What happened',
    noReason: 'We tried several times and could not finish it.',
    next: 'What happens next',
    steps: [
      'You are not charged again, whatever happens now.',
      'Your payment is marked for a refund. We either finish the report or return what you paid.',
      'We have been told and look at it. You hear from us by mail; this page shows it as well.',
    ],
    look: 'Look again',
    looked: 'Nothing new yet. This page also looks by itself every half minute.',
    contact: 'Want to reach us? Our help says how. Please quote this number:',
    help: 'Help',
  },
}
