// What was read: records, what each column was taken for, what was taken for granted, and what could not be read.

"use strict";

const reading = (() => {
  let choices = {};
  let changed = 0;
  let last = null;
  let notSaved = new Set(); // numbers of mappings

  const changedTo = () => {
    changed += 1;
    unsaved.add("columns");
    showNext();
  };

  const group = (label, fields, column) =>
    fields.length ? make("optgroup", { label }, fields.map((one) => option(one.field, one.label, one.field === column.field))) : null;

  const fieldChoice = (column) => {
    const likely = column.alternatives.filter((one) => one.likely);
    const rest = column.alternatives.filter((one) => !one.likely);
    const select = make(
      "select",
      { "aria-label": `“${column.heading}” is` },
      option("", "not read", !column.field),
      [group("Likely", likely, column), group("All that a record can hold", rest, column)].filter(Boolean),
    );
    select.addEventListener("change", () => {
      choices[column.id] = select.value || null;
      changedTo();
    });
    return select;
  };

  const cell = (role, ...inside) => make("td", { role }, ...inside);

  const columnRow = (column, isInOne) =>
    make(
      "tr",
      { role: "row" },
      make("th", { scope: "row", role: "rowheader" }, column.heading, column.sheet && !isInOne ? make("span", { class: "owner", text: ` in ${column.sheet}` }) : ""),
      cell("cell", fieldChoice(column)),
      cell("cell", make("span", { class: "said", text: column.how }), column.field && !column.sure ? make("b", { class: "sign", text: " Look at this one." }) : ""),
    );

  const columnsTable = (columns) => {
    const isInOne = columns.every(({ sheet }) => sheet === columns[0].sheet);
    const caption = isInOne && columns[0].sheet ? `The columns of ${columns[0].sheet}, and what each was taken for` : "Each of your columns, and what it was taken for";
    return make(
      "table",
      { class: "columns", role: "table" },
      make("caption", { text: caption }),
      make("thead", { role: "rowgroup" }, make("tr", { role: "row" }, ["Your column", "Is taken for", "Why"].map((text) => make("th", { scope: "col", role: "columnheader", text })))),
      make("tbody", { role: "rowgroup" }, columns.map((one) => columnRow(one, isInOne))),
    );
  };

  const section = (title, ...inside) => make("section", { class: "block" }, make("h2", { text: title }), ...inside.filter(Boolean));

  const problems = (list) => make("ul", {}, list.map((one) => make("li", {}, ...problemParts(one).filter(Boolean))));

  // Which of the sections there are depends on what was read.
  const parts = (result) => [
    result.local.length && section("Rules and findings of your own", bullets(result.local)),
    result.rejected.length && section("Left out", make("p", { text: "These could not be used. Everything else was read." }), problems(result.rejected), andMore(result.more_rejected)),
    result.questions.length && section("To be answered", make("p", { text: "casescreen does not guess these." }), ...result.questions.map(questionParts)),
    result.columns.length && section("Your columns", make("p", { text: "Look at each line. Choose another meaning where one is wrong, or “not read”." }), columnsTable(result.columns)),
    result.missing.length && section("In no column", ...missingParts(result)),
    result.issues.length && section("What could not be read", ...issueParts(result)),
    result.assumed.length && section("Taken for granted", opening(counted(result.assumed.length, "thing"), bullets(result.assumed), andMore(result.more_assumed))),
    result.not_read.length && section("Not read", opening(counted(result.not_read.length, "thing"), bullets(result.not_read), andMore(result.more_not_read))),
  ].filter(Boolean);

  const missingParts = (result) => {
    const lines = result.missing.map(({ label, questions }) => `${label}: ${counted(questions, "question")}`);
    return [
      make("p", { text: "Serious questions rest on these, and no column was taken for them. If your records have them, choose them above." }),
      bullets(lines.slice(0, 8)),
      lines.length > 8 ? opening(`And ${lines.length - 8} more`, bullets(lines.slice(8))) : null,
    ];
  };

  const questionParts = (one, number) => {
    if (!one.options.length) return make("p", { class: "beside", text: one.what });
    const choose = (value) => {
      held.reading = { ...held.reading, [one.id]: value };
      changedTo();
    };
    const answers = one.options.map(({ value, label }) => {
      const input = make("input", { type: "radio", name: `asked-${number}`, value, on: { change: () => choose(value) } });
      input.checked = held.reading[one.id] === value;
      return make("label", {}, input, make("span", { text: label }));
    });
    return make("fieldset", {}, make("legend", { text: one.what }), make("div", { class: "choices" }, answers));
  };

  const issueParts = (result) => [
    make("p", { text: "A cell that cannot be read counts as not known. No case is lost for it." }),
    problems(result.issues),
    andMore(result.more_issues),
    result.can_mark && make("div", { class: "row" }, button("Save a copy with these cells marked", () => attempt(() => save("marked", {}, "Marking the cells")))),
  ];

  const showNext = () => {
    const confirm = last.needs_confirmation ? "These columns are right: show the findings" : "Show the findings";
    by("reading-next").replaceChildren(
      ...[
        changed ? button("Read again with these columns", () => attempt(again), "main") : null,
        !changed && last.can_screen ? button(confirm, () => attempt(goOn), "main") : null,
        ...(changed ? [] : last.mappings.map(mappingButton)),
        button("Choose other files", () => steps.go("start")),
      ].filter(Boolean),
    );
  };

  // Files with other columns have a mapping of their own, which is saved on its own.
  const mappingButton = ({ of }, number) =>
    button(last.mappings.length > 1 ? `Save what the columns of ${of} mean` : "Save what the columns mean", () => attempt(() => saveMapping(number)));

  const show = (result) => {
    last = result;
    notSaved = new Set(result.mappings.keys());
    changed = 0;
    by("reading-sums").textContent = result.words;
    by("reading-parts").replaceChildren(...parts(result));
    showNext();
    state.say(`Done. ${result.words}`);
  };

  const read = async () => {
    const result = await engine.ask("read", held.reading, "Reading the files");
    steps.allow("reading");
    show(result);
    await giveAnswersAgain();
    return result;
  };

  // Files that are read anew know nothing of the answers given since. An answer whose question is gone is let go.
  const giveAnswersAgain = async () => {
    for (const one of [...held.answers]) {
      try {
        await engine.ask("answer", one);
      } catch (fault) {
        if (!(fault instanceof Mistake)) throw fault;
        held.answers = held.answers.filter((other) => other !== one);
        state.say(`An answer in ${one.case} is let go: its question is no longer asked.`);
      }
    }
  };

  const again = async () => {
    held.reading = { ...held.reading, choices: { ...choices }, confirmed: false };
    held.isScreened = false;
    await read();
    steps.show("reading");
  };

  const goOn = async () => {
    if (last.needs_confirmation) {
      held.reading = { ...held.reading, choices: { ...choices }, confirmed: true };
      await read();
    }
    await screenCases();
  };

  const saveMapping = async (number) => {
    await save("mapping", { number }, "Writing it down");
    notSaved.delete(number);
    if (!notSaved.size) unsaved.remove("columns");
  };

  const clear = () => {
    choices = {};
    changed = 0;
    last = null;
  };

  return { read, clear };
})();
