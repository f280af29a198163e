"use strict";
(() => {
  const by = (id) => document.getElementById(id);
  const [form, list, shown, text, order] = ["filters", "list", "shown", "by-text", "by-order"].map(by);
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
  const apply = () => {
    const wanted = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    let number = 0;
    for (const one of cases) {
      const fit = fits(one, wanted);
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
    text.value = "";
    for (const [, choice] of choices) choice.value = "";
    apply();
  };
  // A link to a case leads there and opens it, even if a filter hides it.
  const reveal = () => {
    const target = by(location.hash.slice(1));
    const one = target && target.closest("article.case");
    if (!one) return;
    if (one.hidden) all();
    one.querySelector("details").open = true;
    target.scrollIntoView();
  };
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
