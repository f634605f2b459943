// The quiz's addresses: choosing, opening from a link, one question a screen, the review.
import { Route, Switch } from '@/lib/navigation'
import NotFound from '@/pages/errors/not-found'
import { Choose } from '@/pages/quiz/choose'
import { Opening } from '@/pages/quiz/opening'
import { QuestionScreen } from '@/pages/quiz/question'
import { Review } from '@/pages/quiz/review'
import { GoOn, Room } from '@/pages/quiz/room'

export default function Quiz() {
  return (
    <Switch>
      <Route path="/quiz">
        <Choose />
      </Route>
      <Route path="/quiz/resume">
        <Opening />
      </Route>
      <Route path="/quiz/:industry/:step?">
        <Room>
          <Switch>
            <Route path="/quiz/:industry">
              <GoOn />
            </Route>
            <Route path="/quiz/:industry/review">
              <Review />
            </Route>
            <Route path="/quiz/:industry/:question">
              <QuestionScreen />
            </Route>
          </Switch>
        </Room>
      </Route>
      <Route>
        <NotFound />
      </Route>
    </Switch>
  )
}
