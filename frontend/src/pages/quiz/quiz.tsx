// The quiz's addresses: choosing, opening from a link, one question a screen, the review.
import { Route, Routes } from 'react-router'

import NotFound from '@/pages/errors/not-found'
import { Choose } from '@/pages/quiz/choose'
import { Opening } from '@/pages/quiz/opening'
import { QuestionScreen } from '@/pages/quiz/question'
import { Review } from '@/pages/quiz/review'
import { GoOn, Room } from '@/pages/quiz/room'

export default function Quiz() {
  return (
    <Routes>
      <Route index element={<Choose />} />
      <Route path="resume" element={<Opening />} />
      <Route path=":industry" element={<Room />}>
        <Route index element={<GoOn />} />
        <Route path="review" element={<Review />} />
        <Route path=":question" element={<QuestionScreen />} />
      </Route>
      <Route path="*" element={<NotFound />} />
    </Routes>
  )
}
