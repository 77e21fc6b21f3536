/** What a person meets in the browser: texts by id. */

export const asked = {
  'DASH-APPROVED': 'A call that waits is shown whole; approved in the dashboard it runs, once.',
  'DASH-DENIED': 'A call that is denied does not run, and its agent reads the reason that was given.',
  'DASH-LATE-YES':
    'After its wait a call is told to try again; a late yes lets the next attempt through, once.',
  'DASH-NOBODY-ANSWERED': 'A question that nobody answers ends as that, and not as a denial.',
  'DASH-ONE-ANSWER':
    'Of several browsers and a terminal that answer at once one wins, the others are told, and the call runs at most once.',
  'DASH-MANAGER-AWAY':
    'A question outlives the manager: the terminal answers it meanwhile, and a page has it again by itself.',
  'DASH-UNSEEN-SESSION': 'A session the manager never saw is shown as one that has ended, not as none.',
  'DASH-WITHDRAWN': 'A call that its client cancels, in either era, leaves every page and never runs.',
  'DASH-GRANTS':
    'A yes reaches as far as the rule lets it and as the person says; what it let through is shown, and it can be taken back.',
  'DASH-MAKE-RULE': 'From a question a rule is proposed and saved, which decides the call that waits.',
  'DASH-KEYBOARD': 'Approvals are answered with the keyboard alone.',
  'DASH-GUARD':
    'What has just appeared under the pointer, or a window that just came to the front, is not answered by accident.',
  'DASH-CROWD': 'A thousand calls that wait stay usable.',
} as const;

export const looked = {
  'DASH-FIRST-CALL':
    'From an empty home to the first approved call: wizard, confirmation in a terminal, client entry, question, answer.',
  'DASH-WIZARD':
    'A server prepared in a page is not started before a person confirmed it outside the browser.',
  'DASH-POLICY-HELD': 'A policy file that does not decide is said to, and can be confirmed in the dashboard.',
  'DASH-POLICY-EDIT':
    'An edit of the policy keeps its comments, is shown as a difference first, and takes effect.',
  'DASH-STALE-SAVE': 'A save of a policy that was changed meanwhile is refused, and says so.',
  'DASH-PLAYGROUND': 'What the policy would decide about a call, and why, is shown without running it.',
  'DASH-REPLAY':
    'What a candidate policy would have decided about the calls on record is shown before it is saved; what is not kept counts as unknown.',
  'DASH-DEEP-LINKS':
    'Every place has an address that can be opened and loaded again; a name that is none leads to the list and says so.',
  'DASH-HOSTILE-TEXT':
    'A thousand hostile texts, wherever they come from, are shown as text on every page and nothing of them runs.',
  'DASH-ACCESSIBLE': 'No page has a serious fault of accessibility, in light or in dark.',
  'DASH-SMALL-SCREEN': 'On a telephone no page is wider than the screen.',
  'DASH-WEIGHT': 'The landing page needs at most 200 kB of JavaScript, compressed.',
  'DASH-ONE-ORIGIN': 'No page asks another origin for anything.',
} as const;
