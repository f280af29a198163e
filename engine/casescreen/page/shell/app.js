// What holds the steps together: a run begins, goes on, and ends.

"use strict";

// Whether a run may begin that ends this one, though something entered in it is not saved.
const mayDiscard = async () => {
  if (!unsaved.any()) return true;
  const discard = "Go on without them";
  return discard === (await askFirst("Something you entered is not saved", "Answers or columns that you entered in this page would be lost. Save them first, or go on without them.", ["Stay here", discard]));
};

const forgetRun = ({ andFiles }) => {
  Object.assign(held, { sample: false, reading: null, answers: [], isScreened: false });
  if (andFiles) held.files = [];
  held.read = [];
  held.beside = held.beside.filter(({ kind }) => kind === "key" && !andFiles);
  for (const kind of ["answers", "columns", "typing"]) unsaved.remove(kind);
  reading.clear();
  comparison.clear();
  enquirySheets.clear();
  chosen.show();
  steps.allow();
  engine.anew();
};

const beginAgain = async () => {
  if (!(await mayDiscard())) return;
  forgetRun({ andFiles: true });
  steps.show("start");
};

const readCases = async (instead = {}) => {
  held.read = [...held.files];
  held.reading = { ...settings(), ...instead, choices: {}, confirmed: false };
  const result = await reading.read();
  for (const one of held.read) one.kind = (result.files.find(({ id }) => id === one.id) || {}).kind;
  desk.begin();
  if (held.sample && !result.needs_confirmation) await screenCases();
  else steps.show("reading");
};

const screenCases = async () => {
  const result = await engine.ask("screen", {}, "Screening the cases");
  held.isScreened = true;
  steps.allow(...STEPS);
  findings.show(result);
  steps.show("findings");
};

// No form of this page goes anywhere. Only that of a question closes its dialog.
const keepForms = () =>
  document.addEventListener("submit", (event) => {
    if (event.target.method !== "dialog") event.preventDefault();
  });

const startAll = () => {
  keepForms();
  startListening();
  deskListening();
  downloadsListening();
  comparison.listen();
  enquirySheets.listen();
  by("stop").addEventListener("click", () => engine.stop());
  engine.start();
  engine.ready().then(showRulebooks);
};

startAll();
window.hasBegun = true;
