// @ts-check
/** Text kept on this machine while the server could not be reached; forgotten once saved, at sign-out, or after a week. */

const PREFIX = "jiafang:draft:";
const WEEK = 7 * 24 * 3600 * 1000;

/**
 * @param {string} key
 * @param {unknown} answers
 * @param {number} [revision] the one the text was written on
 */
export function keepDraft(key, answers, revision) {
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify({ at: Date.now(), answers, revision }));
    return true;
  } catch {
    return false;
  }
}

/** @param {string} key */
export function dropDraft(key) {
  localStorage.removeItem(PREFIX + key);
}

/**
 * @param {string} key
 * @returns {{at: number, answers: Record<string, any>, revision?: number} | null}
 */
export function draftOf(key) {
  const found = localStorage.getItem(PREFIX + key);
  if (!found) return null;
  const draft = JSON.parse(found);
  if (Date.now() - draft.at < WEEK) return draft;
  dropDraft(key);
  return null;
}

/** Sign-out leaves nothing behind for the next person at this machine. */
export function forgetDrafts() {
  for (const key of Object.keys(localStorage)) if (key.startsWith(PREFIX)) localStorage.removeItem(key);
}
