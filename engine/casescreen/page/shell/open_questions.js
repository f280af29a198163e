// Reading a case: the questions that wait for a person, with what the record says beside them, and the answers.

"use strict";

const desk = (() => {
  const ANSWERS = { yes: "Yes", no: "No", na: "Does not apply" };
  const NOT_RECORDED = "not recorded";
  let shown = "";
  const drafts = new Map(); // what is typed and not kept, by question

  const questionKey = (id, { criterion, item }) => JSON.stringify([id, criterion, item || ""]);

  const pairs = (facts) =>
    make("dl", { class: "pairs" }, facts.map(({ label, value }) => make("div", {}, make("dt", { text: label }), make("dd", { text: value }))));

  // What is not recorded is said in one line, so that what is recorded can be seen.
  const factParts = (facts) => {
    const [recorded, missing] = [true, false].map((is) => facts.filter(({ value }) => (value !== NOT_RECORDED) === is));
    return [
      recorded.length ? pairs(recorded) : null,
      missing.length ? make("p", { class: "note", text: `Not recorded: ${missing.map(({ label }) => label).join("; ")}.` }) : null,
    ].filter(Boolean);
  };

  const listCases = ({ cases }) => {
    const group = (label, some) => (some.length ? make("optgroup", { label }, some.map(caseOption)) : "");
    by("desk-case").replaceChildren(
      group("With open questions", cases.filter(({ waiting }) => waiting)),
      group("All answered", cases.filter(({ waiting }) => !waiting)),
    );
  };

  const caseOption = ({ case: id, waiting }) => option(id, waiting ? `${id}: ${counted(waiting, "open question")}` : id, id === shown);

  // An answer is not later than the records: of made-up cases, or of old ones, that is not today.
  const begin = () => {
    shown = "";
    drafts.clear();
    by("read-on").value = held.reading.taken_on;
  };

  const showCases = async () => {
    const reply = await engine.ask("questions");
    if (!reply.cases.some((one) => one.case === shown)) shown = (reply.cases.find(({ waiting }) => waiting) || reply.cases[0] || { case: "" }).case;
    listCases(reply);
    by("desk-sums").textContent = reply.words;
    if (shown) await showCase(shown);
    else by("desk-questions").replaceChildren(make("p", { text: "No question waits for a reader." }));
    showNext();
  };

  const showCase = async (id) => {
    shown = id;
    const reply = await engine.ask("questions", { case: id });
    const isOpen = (one) => !one.answer || drafts.has(questionKey(id, one));
    const answered = reply.questions.filter((one) => !isOpen(one));
    by("desk-facts").replaceChildren(reply.facts.length ? pairs(reply.facts) : make("p", { text: "Nothing is recorded." }), andMore(reply.more_facts) || "");
    by("desk-questions").replaceChildren(
      make("h2", { id: "desk-of", tabindex: "-1", text: reply.owner ? `${id}, ${reply.owner}` : id }),
      ...reply.questions.filter(isOpen).map((one) => card(id, one)),
      answered.length ? opening(`Answered already: ${answered.length}`, ...answered.map((one) => card(id, one))) : "",
    );
    by("desk-case").value = id;
    showNext();
  };

  const head = (one, level = "h3") => [
    make(level, { tabindex: "-1", text: one.item_label ? `${one.question} (${one.item_label})` : one.question }),
    one.help ? make("p", { class: "note", text: one.help }) : null,
    one.due && !one.waits && !one.answer ? make("p", { class: "note", text: `Not due before ${inWords(one.due)}.` }) : null,
  ];

  const beside = (one) => [
    one.facts.length ? make("div", { class: "beside" }, ...factParts(one.facts)) : null,
    ...one.flags.filter(({ raised }) => raised).map(({ says }) => make("div", { class: "beside flag" }, make("p", {}, make("b", { text: "Look again: " }), says))),
  ];

  const card = (id, one) => {
    const place = make("article", { class: "question" });
    if (one.answer && !drafts.has(questionKey(id, one))) answeredCard(place, id, one);
    else openCard(place, id, one);
    return place;
  };

  const answeredCard = (place, id, one) => {
    const { answer, reason, by: reader, on } = one.answer;
    const who = [reader && `read by ${reader}`, on && `on ${inWords(on)}`].filter(Boolean).join(" ");
    place.classList.add("done");
    place.replaceChildren(
      ...head(one).slice(0, 1),
      make("p", { class: "kept" }, make("b", { text: ANSWERS[answer] }), reason ? `: ${reason}` : "", who ? make("span", { class: "owner", text: ` (${who})` }) : ""),
      make("div", { class: "row" }, changeButton(place, id, one)),
    );
  };

  const changeButton = (place, id, one) => {
    const made = button("Change", () => {
      openCard(place, id, one);
      place.querySelector("h3").focus();
    }, "small");
    made.setAttribute("aria-label", `Change the answer: ${one.title}`);
    return made;
  };

  const answerChoices = (one, name) =>
    make(
      "fieldset",
      {},
      make("legend", { text: "Your answer" }),
      make("div", { class: "choices across" }, one.allowed.map((value) => {
        const input = make("input", { type: "radio", name, value });
        input.checked = Boolean(one.answer) && one.answer.answer === value;
        return make("label", {}, input, make("span", { text: ANSWERS[value] }));
      })),
    );

  const restoreDraft = (form, reason, draft) => {
    if (!draft) return;
    reason.value = draft.reason;
    for (const radio of form.querySelectorAll("[type=radio]")) radio.checked = radio.value === draft.answer;
  };

  const draftsInWords = () => (drafts.size ? `${counted(drafts.size, "answer")} begun and not kept: “Keep this answer” keeps it.` : "");

  let forms = 0;

  const openCard = (place, id, one) => {
    forms += 1;
    const [name, why] = [`answer-${forms}`, `reason-${forms}`];
    const reason = make("textarea", { id: why, rows: "2", "aria-describedby": `${why}-note` });
    reason.value = one.answer ? one.answer.reason || "" : "";
    const form = make(
      "form",
      {},
      answerChoices(one, name),
      make("label", { for: why, text: "Reason" }),
      reason,
      make("p", { class: "note", id: `${why}-note`, text: "In a sentence, for whoever reads it next. Needed where it does not apply. Ctrl and Enter keeps the answer." }),
      make("div", { class: "row" }, make("button", { type: "submit", text: "Keep this answer" })),
    );
    restoreDraft(form, reason, drafts.get(questionKey(id, one)));
    form.addEventListener("input", () => {
      const radio = form.querySelector(":checked");
      drafts.set(questionKey(id, one), { answer: radio && radio.value, reason: reason.value });
      unsaved.add("typing");
    });
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      form.requestSubmit();
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      attempt(() => keep(place, id, one, { chosen: form.querySelector(":checked"), reason: reason.value.trim() }));
    });
    place.classList.remove("done");
    place.replaceChildren(...[...head(one), ...beside(one), form].filter(Boolean));
  };

  const keep = async (place, id, one, { chosen: radio, reason }) => {
    if (!radio) throw new Mistake({ what: "No answer is chosen", where: `${id}, ${one.title}`, advice: "choose yes, no, or that it does not apply." });
    const answer = {
      case: id,
      criterion: one.criterion,
      item: one.item || null,
      answer: radio.value,
      reason,
      by: by("reader").value.trim(),
      on: by("read-on").value || null,
    };
    await engine.ask("answer", answer);
    held.answers = [...held.answers.filter((other) => !["case", "criterion", "item"].every((key) => other[key] === answer[key])), answer];
    unsaved.add("answers");
    drafts.delete(questionKey(id, one));
    if (!drafts.size) unsaved.remove("typing");
    one.answer = answer;
    answeredCard(place, id, one);
    state.say(`Kept: ${ANSWERS[answer.answer]}. ${waitingHere() ? `${counted(waitingHere(), "question")} left in ${id}.` : `All of ${id} is answered.`}`);
    showNext();
    focusNext(place);
  };

  const openForms = () => [...by("desk-questions").querySelectorAll(".question:not(.done)")];
  const waitingHere = () => openForms().length;

  const focusNext = (place) => {
    const left = openForms();
    const next = left.find((one) => place.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING) || left[0];
    if (next) focusOn(next.querySelector("h3"));
    else by("desk-next").querySelector("button").focus();
  };

  const nextCase = async () => {
    const options = [...by("desk-case").options].map(({ value }) => value);
    await showCase(options[(options.indexOf(shown) + 1) % options.length]);
    focusOn(by("desk-of"));
  };

  const saveAnswers = async (form) => {
    await save("answers", { form }, "Writing the answers");
    unsaved.remove("answers");
    if (drafts.size) tell("Not all is saved", make("p", { text: `What was kept is saved. Not in the file: ${draftsInWords()}` }));
    showNext();
  };

  const showNext = () => {
    const number = held.answers.length;
    const kept = unsaved.has("answers") ? `${counted(number, "answer")} kept in this page, and not saved yet.` : number ? `${counted(number, "answer")} kept and saved.` : "";
    by("desk-next").replaceChildren(
      ...[
        button("Next case", () => attempt(nextCase), "main"),
        number ? button("Show the findings with these answers", () => attempt(screenCases)) : null,
        number ? button("Save as a workbook", () => attempt(() => saveAnswers("xlsx"))) : null,
        number ? button("Save as a case file", () => attempt(() => saveAnswers("toml"))) : null,
        kept || drafts.size ? make("span", { class: "owner", text: [kept, draftsInWords()].filter(Boolean).join(" ") }) : null,
      ].filter(Boolean),
    );
  };

  return { begin, showCases, showCase };
})();

const deskListening = () => {
  by("desk-record").open = window.matchMedia("(min-width: 52.01rem)").matches;
  by("desk-who").addEventListener("submit", (event) => event.preventDefault());
  by("desk-case").addEventListener("change", () => telling(() => desk.showCase(by("desk-case").value)));
  steps.onShow("desk", desk.showCases);
};
