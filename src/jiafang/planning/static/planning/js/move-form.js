// @ts-check
/** The timetable's keyboard way to move: a slot chosen from a list is judged at once, before anything is sent. */

/**
 * @param {HTMLFormElement} form
 * @param {HTMLSelectElement} choice
 */
async function judge(form, choice) {
  const said = form.querySelector("[role=status]");
  const button = form.querySelector("button");
  if (!said || !button || !choice.value) return;
  const asked = new URLSearchParams({ what: String(new FormData(form).get("what")), slot: choice.value });
  const wanted = choice.value;
  let answer;
  try {
    answer = await (await fetch(`${form.action}?${asked}`, { headers: { Accept: "application/json" } })).json();
  } catch {
    button.disabled = false; // no answer: sending still gets one
    return;
  }
  if (choice.value !== wanted) return;
  said.textContent = answer.text ?? answer.message ?? "";
  said.classList.toggle("field-error", !answer.allowed);
  button.disabled = !answer.allowed;
}

for (const form of document.querySelectorAll("form[data-move]")) {
  const choice = form.querySelector("select");
  if (form instanceof HTMLFormElement && choice) choice.addEventListener("change", () => judge(form, choice));
}
