"use strict";
(() => {
  const form = document.getElementById("filters");
  const shown = document.getElementById("shown");
  const cases = [...document.querySelectorAll("article.case")];
  const choices = ["show", "manager"].map((name) => [name, document.getElementById("by-" + name)]);
  const fits = (one) =>
    choices.every(([name, choice]) => !choice.value || one.dataset[name].split(" ").includes(choice.value));
  const apply = () => {
    for (const one of cases) one.hidden = !fits(one);
    shown.textContent = `${cases.filter((one) => !one.hidden).length} of ${cases.length} cases are shown.`;
  };
  const all = () => {
    for (const [, choice] of choices) choice.value = "";
    apply();
  };
  // A link to a case that a filter hides must still lead there.
  const reveal = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (target && target.closest("article.case[hidden]")) {
      all();
      target.scrollIntoView();
    }
  };
  form.addEventListener("change", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  window.addEventListener("hashchange", reveal);
  const others = document.getElementById("by-others");
  others.addEventListener("change", () => {
    for (const one of document.querySelectorAll("details")) one.open = others.value === "open";
  });
  form.hidden = false;
  apply();
})();
