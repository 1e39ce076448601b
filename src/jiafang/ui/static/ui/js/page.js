// @ts-check
/** What a component needs to know of the page it stands on. */

/** The token that every writing request carries. */
export function csrfToken() {
  return document.querySelector("meta[name=csrf-token]")?.getAttribute("content") ?? "";
}

/** The JSON a template put into a component.
 * @param {HTMLElement} element
 * @returns {any}
 */
export function dataOf(element) {
  return JSON.parse(element.querySelector('script[type="application/json"]')?.textContent ?? "null");
}

/** @type {Map<string, Promise<void>>} */
const loading = new Map();

/** Load a classic script once, however many components ask for it.
 * @param {string} address
 */
export function loadLibrary(address) {
  let promise = loading.get(address);
  if (!promise) {
    promise = new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = () => resolve();
      script.onerror = () => reject(new Error(address));
      document.head.append(script);
    });
    loading.set(address, promise);
  }
  return promise;
}

/** The value of a looks token, e.g. `--ink`.
 * @param {string} name
 */
export function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** "20:14" here and now. */
export function clockTime() {
  return new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
}
