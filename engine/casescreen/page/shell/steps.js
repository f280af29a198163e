// The steps, of which one is shown at a time, and what is said beside them: how far it is, and what went wrong.

"use strict";

const STEPS = ["start", "reading", "findings", "desk", "sheets", "downloads", "comparison"];

const steps = (() => {
  const tab = (step) => document.querySelector(`[data-step="${step}"]`);
  const opened = {};
  let shown = "start";

  const clear = () => {
    by("mistake").hidden = true;
  };

  const show = (step) => {
    clear();
    shown = step;
    for (const one of STEPS) {
      by(one).hidden = one !== step;
      if (one === step) tab(one).setAttribute("aria-current", "step");
      else tab(one).removeAttribute("aria-current");
    }
    document.title = `${tab(step).textContent} - casescreen`;
    window.scrollTo(0, 0);
    by(`${step}-title`).focus({ preventScroll: true });
    if (opened[step]) telling(opened[step]);
  };

  // Somebody goes there. What was said of another step is no longer said.
  const go = (step) => {
    if (!document.body.hasAttribute("data-busy")) state.say("");
    show(step);
  };

  // Which steps can be shown: what the others rest on is not there, or no longer so.
  const allow = (...allowed) => {
    for (const step of STEPS.slice(1)) tab(step).disabled = !allowed.includes(step);
  };

  for (const step of STEPS) tab(step).addEventListener("click", () => go(step));
  return { show, go, allow, clear, onShow: (step, does) => (opened[step] = does), shown: () => shown };
})();

// How far it is. A reader of screens hears each new step, and after that the count now and then, not each number.
const state = (() => {
  const HEARD_EVERY = 15000;
  let said = "";
  let heardAt = 0;

  const say = (text) => {
    by("progress").hidden = true;
    by("count").textContent = "";
    by("words").textContent = said = text;
  };

  const progress = (text, done, whole) => {
    const bar = by("progress");
    const count = whole > 1 ? `${done.toLocaleString("en-GB")} of ${whole.toLocaleString("en-GB")}` : "";
    if (text !== said || Date.now() - heardAt > HEARD_EVERY) {
      by("words").textContent = text === said && count ? `${text}: ${count}` : text;
      heardAt = Date.now();
      said = text;
    }
    by("count").textContent = count;
    bar.hidden = false;
    if (whole > 1) {
      bar.max = whole;
      bar.value = done;
    } else bar.removeAttribute("value");
  };

  return { say, progress };
})();

// A mistake of the user's, or a fault of ours, in words and with a next step.
const tell = (title, ...inside) => {
  const box = by("mistake");
  box.replaceChildren(make("h2", { text: title }), ...inside);
  box.hidden = false;
  focusOn(box);
};

const tellMistake = (problem) => {
  const more = (problem.problems || []).filter((one) => one.what !== problem.what);
  tell(
    "This could not be done",
    ...problemParts(problem).filter(Boolean),
    ...more.slice(0, 20).flatMap((one) => problemParts(one)).filter(Boolean),
    andMore(Math.max(more.length - 20, 0) + (problem.more_problems || 0)) || "",
  );
};

const tellFault = (fault) =>
  tell(
    "Something went wrong inside casescreen",
    make("p", { text: "Your files are untouched. Press “Begin again”, or open this file anew. If it happens again, tell whoever gave you this file, with the lines below; they may quote a record, so read them first." }),
    opening("The lines to pass on", make("pre", { class: "proof", text: String((fault && fault.message) || fault).slice(-4000) })),
    make("div", { class: "row" }, button("Begin again", () => attempt(beginAgain))),
  );

// What goes wrong is told, and nothing is left half done without a word.
const telling = async (does) => {
  steps.clear();
  try {
    await does();
  } catch (fault) {
    if (fault instanceof Mistake) tellMistake(fault.problem);
    else if (fault instanceof Broken) focusOn(by("cannot"));
    else if (!(fault instanceof Stopped)) tellFault(fault);
  }
};

// Whatever a press of a button begins. While it is under way, a second press does nothing: two runs would share one page.
let isUnderWay = false;

const attempt = async (does) => {
  if (isUnderWay) return;
  isUnderWay = true;
  try {
    await telling(does);
  } finally {
    isUnderWay = false;
  }
};

// A question with its answers; gives the one that was chosen, and null for Escape.
const askFirst = (title, words, answers) =>
  new Promise((done) => {
    const dialog = by("ask");
    by("ask-title").textContent = title;
    by("ask-words").textContent = words;
    by("ask-answers").replaceChildren(
      ...answers.map((text, at) => make("button", { value: text, class: at ? null : "main", text })),
    );
    dialog.returnValue = "";
    dialog.addEventListener("close", () => done(dialog.returnValue || null), { once: true });
    dialog.showModal();
  });

// What would be lost with the page, so that the browser asks before it closes.
const unsaved = (() => {
  const kinds = new Set();
  const warn = (event) => {
    event.preventDefault();
    event.returnValue = "";
  };
  return {
    add: (kind) => {
      if (!kinds.size) window.addEventListener("beforeunload", warn);
      kinds.add(kind);
    },
    remove: (kind) => {
      kinds.delete(kind);
      if (!kinds.size) window.removeEventListener("beforeunload", warn);
    },
    has: (kind) => kinds.has(kind),
    any: () => kinds.size > 0,
  };
})();
