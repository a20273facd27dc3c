# English. One message for each sentence, or for a part that sentences are put together from.
# Variables keep their names in every language; which of them a language needs for its grammar
# is its own business. CAPITAL(text) begins with a capital.

## Lists, and what is common to several sentences

list-more = { $first }, { $next }
list-last = { $first } and { $last }
sentence = { CAPITAL($text) }.
someone-else = someone else

## How long ago

ago-now = just now
ago-minutes =
    { $count ->
        [one] { $count } minute ago
       *[other] { $count } minutes ago
    }
ago-hours =
    { $count ->
        [one] { $count } hour ago
       *[other] { $count } hours ago
    }
ago-days =
    { $count ->
        [one] { $count } day ago
       *[other] { $count } days ago
    }

## Who goes to a door that several may have claimed

claim-own = You go to this door.
claim-own-and-others = You go to this door. { CAPITAL($names) } claimed it as well, after you.
claim-lost = { CAPITAL($name) } claimed this door before you. What you record here counts all the same.
claim-other = { CAPITAL($name) } goes to this door.

## What people disagree on

conflict-you = you
conflict-file = a file
conflict-wrote = { $who } wrote: { $value }
conflict-says = { $who } says: { $value }
conflict-took-back = { $who } took the answer back
conflict-question = Which one is right?

## Where a phone's work is

status-phone-alone = Everything is saved on this phone.
status-all-safe = Everything you recorded is safe at the campaign.
status-at-campaign =
    { $count ->
        [one] { $count } change is safe at the campaign.
       *[other] { $count } changes are safe at the campaign.
    }
status-on-another-phone =
    { $count ->
        [one] { $count } change is saved, and on another phone as well.
       *[other] { $count } changes are saved, and on another phone as well.
    }
status-on-this-phone =
    { $count ->
        [one] { $count } change is saved, and only on this phone.
       *[other] { $count } changes are saved, and only on this phone.
    }
status-not-joined = This phone has not joined the campaign yet.
status-lists-closed =
    { $count ->
        [one] { $count } list has closed on this phone: it comes back with the next sync.
       *[other] { $count } lists have closed on this phone: they come back with the next sync.
    }
status-set-aside =
    { $count ->
        [one] { $count } change needs attention: the campaign keeps it and could not use it.
       *[other] { $count } changes need attention: the campaign keeps them and could not use them.
    }
status-conflicts =
    { $count ->
        [one] People disagree in { $count } place.
       *[other] People disagree in { $count } places.
    }

## Why the campaign could not use a change

set-aside-unreadable = The campaign could not read this. It will try again after its next update.
set-aside-unknown-entity = The campaign does not know this door or this person yet.
set-aside-unknown-question = The campaign does not have the question that this answers.
set-aside-not-their-list = This door is not on a list that was given to you.
set-aside-not-theirs = Only the campaign may write this.
set-aside-too-late = This came more than two weeks after the list had been closed. Someone at the campaign will decide.
set-aside-unknown = The campaign could not use this, for a reason that this app does not know yet.

## The way to the next doors

walk-set-out = walk { $heading } along { $way } for { $length }
walk-ahead = go on along { $way } for { $length }
walk-left = turn left along { $way } for { $length }
walk-right = turn right along { $way } for { $length }
walk-back = turn round and go back along { $way } for { $length }
walk-cross = cross { $way }
walk-stairs = take the stairs
walk-straight = go { $heading } for about { $length }, in a straight line because no street is known here
walk-then = { $way }, then { $doors }
walk-path = the path
walk-street = the street
walk-doors =
    { $count ->
        [one] { $count } door
       *[other] { $count } doors
    }
walk-doors-left = { $doors } on the left
walk-doors-right = { $doors } on the right
walk-doors-even = { $doors }, even side
walk-doors-odd = { $doors }, odd side
walk-doors-numbers = { $doors }: { $numbers }
walk-numbers-from-to = { $first } to { $last }
walk-numbers-from-to-street = { $first } to { $last } { $street }
walk-numbers-street = { $numbers } { $street }
length-metres = { $amount } metres
length-feet = { $amount } feet
heading-north = north
heading-north-east = north-east
heading-east = east
heading-south-east = south-east
heading-south = south
heading-south-west = south-west
heading-west = west
heading-north-west = north-west

## Canvass results

result-contacted = Spoken with
result-not-home = Nobody home
result-refused = Declined to talk
result-moved = Moved away
result-deceased = Has died
result-inaccessible = Could not be reached
result-no-such-address = No such door
result-language-barrier = No common language
result-come-back = Come back later
result-hostile = Hostile
result-left-literature = Left a leaflet
result-wrong-person = Someone else lives there
result-do-not-contact = Asked not to be contacted
result-vacant = Vacant
result-not-residential = Not a home
result-busy = Line was busy
result-disconnected = Number is out of service
result-wrong-number = Wrong number
result-call-back = Call back later
result-do-not-call = Asked not to be called
result-do-not-text = Asked not to be sent text messages
result-left-message = Left a message

## Ways of reaching someone

channel-door = At the door
channel-phone = By phone
channel-text = By text message
channel-email = By e-mail
closed-all = Do not contact this person.
closed-phone = Do not call this person.
closed-text = Do not send this person text messages.
closed-email = Do not send this person e-mail.

## How a door is reached

access-open = Nothing is in the way here.
access-gate = There is a gate to open, or a bell to ring first.
access-dog = A dog is loose here.
access-locked = The entrance is locked.

## What people may want of a campaign

ask-volunteer = Volunteer
ask-yard-sign = Yard sign
ask-pledge-to-vote = Pledge to vote
ask-ride-to-polls = Ride to the polls
ask-contact-me = Contact me
ask-wanted = { $ask }: yes.
ask-declined = { $ask }: no.
ask-done = { $ask }: done.
ask-only-consent = { $ask }: not said.
ask-conflicted = People disagree on it.
ask-agreed = Agreed to be contacted { $channels }.
ask-not-agreed = Has not agreed to be contacted about it.
ask-withdrawn = Withdrew the consent to be contacted.
by-door = at the door
by-phone = by phone
by-text = by text message
by-email = by e-mail

## When to come back to a door

come-back-not-yet = Come back in { $time }, not before.
come-back-open = Expected now: the window closes in { $time }.
come-back-over = The window in which to come back is over.
come-back-kept = Somebody has come back, as was agreed.
lasting-minutes =
    { $count ->
        [one] { $count } minute
       *[other] { $count } minutes
    }
lasting-hours =
    { $count ->
        [one] { $count } hour
       *[other] { $count } hours
    }
lasting-days =
    { $count ->
        [one] { $count } day
       *[other] { $count } days
    }

## What a screen says around a script's question

question-place = Question { $number } of { $count }.
question-required = An answer is required.
question-single = Choose one answer.
question-multiple = Choose one or more answers.
question-integer = Answer with a whole number.
question-decimal = Answer with a number.
question-from-to = From { $min } to { $max }.
question-at-least = { $min } or more.
question-at-most = { $max } or less.
question-text = Answer in words, in { $count } characters at most.
question-scale = Choose a number from { $min } to { $max }.
question-scale-end = { $number } means: { $meaning }.
question-date = Answer with a date.
question-acknowledge = Confirm to go on.

## What is wrong with an answer

answer-unknown-question = This script has no such question.
answer-wrong-kind = This question takes another kind of answer.
answer-unknown-option = This question has no such answer.
answer-empty = The answer is empty.
answer-not-finite = This is not a number.
answer-not-whole = This has to be a whole number.
answer-too-small = This has to be { $min } or more.
answer-too-large = This has to be { $max } or less.
answer-too-long =
    { $count ->
        [one] This has to be in { $count } character at most.
       *[other] This has to be in { $count } characters at most.
    }
answer-not-a-date = This is not a day of the calendar.
answer-not-asked = After the other answers, this question is not asked.
answer-option-not-offered = After the other answers, this answer is not offered.
answer-constraint-broken = This answer does not fit the question.
answer-required = This question has to be answered.

## What did not work, and what to do about it

trouble-input = This cannot be saved as it is. Change it and try again.
trouble-result = This result does not fit here. Choose another one.
trouble-doors = These doors cannot be recorded together. Choose fewer doors and try again.
trouble-people = These people do not fit this door. Go back to the door and choose again.
trouble-empty = Nothing was written. Write something and try again.
trouble-too-long = This text is too long. Make it shorter and try again.
trouble-ask = The campaign does not ask for this. Choose something else.
trouble-channel = Choose at least one way of reaching this person.
trouble-window = This time does not work. Choose an hour or a day within the coming year.
trouble-undo = You can only take back what you recorded yourself within the last day. Ask the campaign to put this right.
trouble-nothing-to-undo = There is nothing left to take back here. Look at the door again.
trouble-answer = This answer does not fit the question. Give another one.
trouble-invitation = This is not an invitation to a campaign. Ask the campaign for a new one.
trouble-insecure-server = This invitation leads to a server that is not protected. Do not use it, and tell the campaign.
trouble-bundle = This does not come from a phone of your campaign. Ask the other canvasser to show it again.
trouble-bundle-too-large = This is too much to show on the screen. Hand it over as a file.
trouble-streets = These streets cannot be read. Ask the campaign for them again.
trouble-too-little-time = The way there and back takes longer than that. Allow more minutes.
trouble-codes = The list of result codes cannot be used. Ask the campaign to put it right.
trouble-file = This file cannot be read. Have it put right, then import it again.
trouble-file-row = This file cannot be read at row { $row }. Have it put right, then import it again.
trouble-script = The questions of the campaign cannot be used. Ask the campaign to put them right.
trouble-cancelled = It was stopped, and nothing of it was kept. Begin again when you like.
trouble-not-found = This is not on this phone any more. Go back and look again.
trouble-not-yours = Only the campaign can change this. Tell the campaign what should be changed.
trouble-no-campaign = This phone has not joined a campaign yet. Scan your invitation first.
trouble-already-in-campaign = This phone belongs to a campaign already. Go on with it, or ask the campaign.
trouble-not-arrived = This list has not arrived yet. Go where there is a network, and sync.
trouble-list-closed = This list has closed on this phone. What you recorded is kept. Sync to get the list again.
trouble-list-taken-back = The campaign has taken this list back. What you recorded still reaches the campaign: sync once more.
trouble-try-later = This phone has not been unlocked since it was started. Unlock it and try again.
trouble-key-lost = The key to what is saved on this phone is lost. Keep the app installed, and call the campaign.
trouble-damaged = What is saved on this phone is damaged. Keep the app installed, and call the campaign.
trouble-newer = What is saved on this phone is of a newer app. Update the app.
trouble-full = This phone has no room left. Free some room, then try again.
trouble-forbidden = The app may not save anything on this phone. Restart the phone, and call the campaign if it happens again.
trouble-in-use = The app is open twice. Close the other one, then try again.
trouble-closed = The campaign is closed on this phone. Open the app again.
trouble-defect = Something went wrong in the app. What you saved is safe. Try again, and tell the campaign if it happens again.
trouble-stopped = Something went wrong in the app. What you saved is safe. Close the app and open it again.
## Doors and lists on a screen

address-line = { $number } { $street }
address-unit = { $line }, unit { $unit }
address-named-unit = { $line }, { $unit }
address-place = { $town } { $zip }
door-not-knocked = Not knocked on yet.
door-begun = A conversation began { $ago }.
door-knocked = { $result }, { $ago }.
door-people =
    { $count ->
        [one] { $count } person.
       *[other] { $count } people.
    }
door-units = { $count } homes behind one door.
door-expected = Somebody expects you now.
door-come-back-later = Come back later.
door-come-back-over = The time to come back is over.
doors-done = { CAPITAL($doors) }, { $done } done.
next-stop = Next stop: { $doors }.
floor-number = Floor { $number }
floor-unknown = No floor known
floor-open = { $floor }: { $open } of { $count } still to knock on.
list-number = List { $number }
list-title = List { $number }: { $name }
list-progress =
    { $count ->
        [one] { $done } of { $count } door done, { $left } left.
       *[other] { $done } of { $count } doors done, { $left } left.
    }
list-contacted =
    { $count ->
        [one] Someone was spoken with at { $count } door.
       *[other] Someone was spoken with at { $count } doors.
    }
list-waiting =
    { $count ->
        [one] { $count } door is to be come back to later.
       *[other] { $count } doors are to be come back to later.
    }

## People, and what was done at a door before

person-name = { $given } { $family }
person-nameless = Name not known
person-born = Born in { $year }.
person-met = Met at the door.
person-speaks = Prefers a language that you do not speak: { $language }.
person-answers =
    { $count ->
        [one] { $count } answer.
       *[other] { $count } answers.
    }
person-do-not-contact = Asked not to be contacted.
person-deceased = Has died.
person-exempt = Not to be contacted: the record is exempt.
person-moved = Lives elsewhere now.
person-voted = Has voted already.
history-by = { CAPITAL($who) }, { $ago }
history-knock = { $by }: { $what }.
history-person = { $name }: { $result }
history-literature = left a leaflet
history-nothing = a conversation without a result
notice-double-knock = { CAPITAL($names) } knocked here within hours of each other, { $ago }.
notice-written-on = { CAPITAL($names) }: one took something back that the other had written on. What was written stays. { CAPITAL($ago) }.
notice-answer-went = { CAPITAL($names) }: one took a knock back, and an answer of the other went with it. { CAPITAL($ago) }.
notice-met-twice = { CAPITAL($names) } both added someone of the same name, { $ago }.
notice-access-differs = How this door is reached is told differently: { $names }, { $ago }.
notice-reached-though = Someone here was called or sent a message after asking not to be: { $names }, { $ago }.
notice-proposal = Proposed by { $names }: { $value }.
warn-do-not-contact = This household asked not to be contacted. Do not knock.
warn-do-not-knock = Do not knock: nobody here is to be spoken with.
conflict-about = { $name }: { $what }
conflict-phone = Phone number
conflict-email = E-mail address
conflict-field = What a file says

## How an exchange went

sync-complete = Everything is exchanged with the campaign.
sync-no-server = This campaign lives on this phone alone: there is nothing to exchange.
sync-offline = The campaign cannot be reached now. Everything stays safe on this phone, and is sent later.
sync-trouble = The campaign's server asks for patience. Everything stays safe on this phone, and is sent later.
sync-not-enrolled = The campaign no longer knows this phone. Nothing is lost. Ask for a new invitation.
sync-invitation-refused = This invitation was used before, is too old or is wrong. Ask for a new one.
sync-refused = The campaign's server does not understand this version of the app. Update the app.
sync-sent =
    { $count ->
        [one] { $count } change reached it.
       *[other] { $count } changes reached it.
    }
sync-received =
    { $count ->
        [one] { $count } change of others came.
       *[other] { $count } changes of others came.
    }
sync-last = Last exchange with the campaign: { $ago }.
sync-never = No exchange with the campaign yet.
bundle-new =
    { $count ->
        [one] { $count } change of another phone was taken in.
       *[other] { $count } changes of another phone were taken in.
    }
bundle-known = Everything in it was here already.
bundle-refused =
    { $count ->
        [one] { $count } part could not be used.
       *[other] { $count } parts could not be used.
    }
