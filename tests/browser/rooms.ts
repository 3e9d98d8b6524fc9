// The places where every page is looked at, by whatever it is judged: rules of axe, narrow screens, the colours of a system. One
// list, so that a new page is judged by all of them.

/** The desk's pages by what one does there; `:post` is a post that was approved, `:month` this month. */
export const ROOMS = {
  'planning': ['', 'calendar', 'calendar?month=:month', 'calendar?list=:month', 'calendar?lanes=:month-01', 'tasks', 'tasks?view=all', 'tasks?view=report'],
  'the shelves': ['plan', 'library', 'brand', 'import', 'texts', 'texts?view=replies', 'texts?view=proposals', 'texts?view=contacts', 'search?words=agua'],
  'writing and deciding': ['posts/:post', 'posts/:post/edit', 'posts/new', 'approvals', 'record'],
  'the house': ['channels', 'channels?handover=', 'people', 'organisation', 'notices', 'notices?view=choices', 'devices', 'nowhere'],
  'circuits': ['circuits', 'circuits?view=emergency', 'circuits?view=guidance', 'circuits?view=standing', 'circuits?view=house'],
  'doors': ['sign-in', 'join', 'recover', 'setup'],
};

/** The pages that anybody sees, within a town. */
export const STREET = (post: string) => ['', `posts/${post}`, 'events', 'accounts', 'record', 'nothing-here'];
