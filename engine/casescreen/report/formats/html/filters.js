"use strict";
(() => {
  const by = (id) => document.getElementById(id);
  const [form, list, shown, text, order, criterion] =
    ["filters", "list", "shown", "by-text", "by-order", "by-question"].map(by);
  const cases = [...list.querySelectorAll("article.case")];
  const choices = ["show", "manager"].map((name) => [name, by("by-" + name)]);
  const part = (one, name) => one.querySelector("summary " + name).textContent;
  const words = new Map();
  const wordsOf = (one) => {
    if (!words.has(one)) words.set(one, one.textContent.toLowerCase());
    return words.get(one);
  };
  const fits = (one, wanted) =>
    choices.every(([name, choice]) => !choice.value || one.dataset[name].split(" ").includes(choice.value)) &&
    wanted.every((word) => wordsOf(one).includes(word));
  const placeOf = (one) => one.getAttribute("aria-labelledby");
  // Of a criterion that is chosen: the cases that are listed behind its figure, or those of the outcome that is shown.
  const counted = () => {
    const part = by(criterion.value), outcome = choices[0][1].value;
    if (!part) return () => true;
    const listed = (among) => new Set([...part.querySelectorAll(among + "a")].map((one) => one.hash.slice(1)));
    const every = listed("dd ");
    if (outcome === "not-applicable") return (one) => !every.has(placeOf(one));
    const some = ["", "act", "attention", "serious"].includes(outcome) ? every : listed(`[data-outcome="${outcome}"] `);
    return (one) => some.has(placeOf(one));
  };
  const apply = () => {
    const wanted = text.value.toLowerCase().split(/\s+/).filter(Boolean), counts = counted();
    let number = 0;
    for (const one of cases) {
      const fit = counts(one) && fits(one, wanted);
      number += fit;
      if (one.hidden === fit) one.hidden = !fit;
    }
    shown.textContent = `${number} of ${cases.length} cases are shown.`;
  };
  const named = new Intl.Collator("en-GB", { numeric: true }).compare;
  const orders = {
    "": () => 0,
    name: (one, other) => named(part(one, "h3"), part(other, "h3")),
    owner: (one, other) => named(part(one, ".owner"), part(other, ".owner")),
    failed: (one, other) => other.dataset.failed - one.dataset.failed,
    unknown: (one, other) => other.dataset.unknown - one.dataset.unknown,
  };
  const all = () => {
    text.value = criterion.value = "";
    for (const [, choice] of choices) choice.value = "";
    apply();
  };
  // A link leads to what it names and opens it, even if a filter hides it; from a figure, to its finding in the case.
  let from = "";
  const reveal = () => {
    const target = by(location.hash.slice(1));
    if (!target) return;
    const one = target.closest("article.case");
    if (one && one.hidden) all();
    if (one) one.querySelector("details").open = true;
    for (let at = target.closest("details"); at; at = at.parentElement.closest("details")) at.open = true;
    const finding = one && from && one.querySelector(`details.line a[href="#${from}"]`);
    if (finding) finding.closest("details").open = true;
    (finding ? finding.closest("details") : target).scrollIntoView();
    from = "";
  };
  const go = (place) => {
    if (location.hash === place) reveal();
    else location.hash = place;
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a"), part = link && link.closest(".behind-it > div");
    from = part ? part.id : "";
    if (link && link.getAttribute("href") === location.hash) reveal();
  });
  // A cell of the matrix leads to its finding, where its row and its column cross.
  const matrix = document.querySelector("svg.matrix[role=group]");
  const cell = (event) => {
    if (event.target.closest("a")) return;
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.getScreenCTM().inverse());
    const near = (texts, off) => [...matrix.querySelectorAll(texts)].find((one) => Math.abs(off(one)) <= 9);
    const row = near("text.case-name", (one) => one.y.baseVal[0].value - 4 - at.y);
    const column = near("text.name", (one) => one.transform.baseVal[0].matrix.e - 4 - at.x);
    if (!row || !column) return;
    event.stopPropagation();
    from = column.parentNode.getAttribute("href").slice(1);
    go(row.parentNode.getAttribute("href"));
  };
  if (matrix) matrix.addEventListener("click", cell);
  // Each list behind a figure can be what is shown of the cases.
  const only = (part, group) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Show only these cases";
    button.addEventListener("click", () => {
      all();
      criterion.value = part.id;
      choices[0][1].value = group.dataset.outcome;
      apply();
      criterion.focus();
    });
    group.firstElementChild.append(" ", button);
  };
  const offer = ({ target }) => {
    const part = target.matches("details.behind-it[open]") && target.querySelector("div");
    if (part && !part.querySelector("button")) for (const one of part.querySelectorAll("[data-outcome]")) only(part, one);
  };
  document.addEventListener("toggle", offer, true);
  const open = (yes) => {
    for (const one of cases) if (!yes || !one.hidden) one.querySelector("details").open = yes;
  };
  let waiting = 0;
  text.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(apply, 120);
  });
  form.addEventListener("change", apply);
  order.addEventListener("change", () => list.append(...[...cases].sort(orders[order.value])));
  form.addEventListener("submit", (event) => event.preventDefault());
  by("open-all").addEventListener("click", () => open(true));
  by("close-all").addEventListener("click", () => open(false));
  window.addEventListener("hashchange", reveal);
  form.hidden = false;
  apply();
  reveal();
})();
