// The engine as the page uses it: calls wait until it is ready, and what it lost when it was stopped is given again.

"use strict";

class Mistake extends Error {
  constructor(problem) {
    super(problem.what);
    this.problem = problem;
  }
}

class Stopped extends Error {}

class Broken extends Error {}

// All that the page holds. Files are handles: their bytes are read when the engine is given them. Those that are chosen
// may change while a run goes on with the ones that it has read, and with a key and earlier findings beside them.
const held = { files: [], read: [], beside: [], sample: false, reading: null, answers: [], isScreened: false };

const engine = (() => {
  const PATIENCE = 60000;
  const NOT_HERE = "casescreen cannot work here. What to do stands on the page.";
  const TOO_DEEP = {
    what: "Something in these files goes deeper than this browser can follow",
    why: "Nothing is lost: the engine begins again by itself, and is given your files and answers.",
    advice: "leave out the file that was added last, or press the button again if none was.",
  };
  let driver = null;
  let about = null;
  let isEmpty = true; // nothing of what is held was given to it
  let isUsed = false; // it has read something
  let isBegunAgain = false;
  let wasStopped = false;
  let working = 0;
  let isSaid = false; // what it works on stands on the page
  let announce; // says that it is ready
  let giveUp; // says that it will not be, or is no longer
  let ready = null;
  let broken = null;

  const expect = () => {
    ready = new Promise((done) => (announce = done));
    broken = new Promise((_, failed) => (giveUp = failed));
    broken.catch(() => {}); // it is told where it matters
  };

  const CANNOT = {
    "no-webassembly": "WebAssembly is switched off here, or this browser is too old for it. It is what runs the engine inside this page.",
    "no-decompression": "This browser is too old. It cannot unpack what is inside this page.",
    "no-worker": "This browser cannot work in the background, which this page needs.",
    "no-memory": "There was not enough memory. Close other tabs and programs, and open this file anew. Of many cases, take a part at a time.",
    damaged: "A part of it is missing or does not unpack. Get it anew, and compare its hash with the one that came with it.",
  };

  // What the browser lacks is for the browser to mend; the rest may come right when it is begun again.
  const whatToDo = (reason) => [
    bullets([
      "Use Microsoft Edge or Google Chrome of 2024 or later, Mozilla Firefox 128 or later, or Safari 18 or later.",
      "In Edge, look at Settings, Privacy, Enhanced security. Where it is on, it can switch off what this page needs. Ask your IT department to let this file be an exception.",
      "Open the file from a folder on this computer, and not inside a mail or from within a zip.",
      "If none of this helps, the command line does the same: ask whoever gave you this file.",
    ]),
    reason.startsWith("no-") && reason !== "no-memory" ? "" : make("div", { class: "row" }, button("Begin again", () => attempt(beginAgain))),
  ];

  const cannot = ({ reason, detail }) => {
    const isDamaged = reason === "damaged";
    by("cannot").replaceChildren(
      make("h2", { text: isDamaged ? "This file is not whole" : "casescreen cannot work in this browser as it is" }),
      make("p", { text: CANNOT[reason] || "The engine inside this page stopped, or did not start." }),
      ...(isDamaged ? [] : whatToDo(reason)),
      detail ? opening("What the browser said", make("pre", { class: "proof", tabindex: "0", text: detail.slice(-2000) })) : "",
    );
    by("cannot").hidden = false;
    giveUp(new Broken());
    state.say(NOT_HERE);
    focusOn(by("cannot"));
  };

  const slow = () => {
    if (about || !by("cannot").hidden) return;
    state.say("This takes longer than it should. It may still come; in Edge, see Settings, Privacy, Enhanced security.");
  };

  const start = () => {
    expect();
    driver = startEngine({
      onProgress: (text, done, whole) => {
        if (about ? working : true) state.progress(about ? text : `${isBegunAgain ? "Getting ready again" : "Getting ready"}: ${text.toLowerCase()}`, done, whole);
      },
      onReady: (facts) => {
        about = facts;
        announce(facts);
        if (!working) state.say(wasStopped ? `${STOPPED} Ready.` : "Ready.");
      },
      onFailure: cannot,
    });
    setTimeout(slow, PATIENCE);
  };

  const busy = (words) => {
    working += 1;
    if (words) {
      state.progress(words, 0, 0);
      isSaid = true;
    }
    if (words && about) by("stop").hidden = false;
    document.body.toggleAttribute("data-busy", true);
  };

  const idle = () => {
    working = Math.max(working - 1, 0);
    if (working) return;
    by("stop").hidden = true;
    document.body.toggleAttribute("data-busy", false);
    if (!by("cannot").hidden) state.say(NOT_HERE);
    else if (about && isSaid) state.say("Ready.");
    isSaid = false;
  };

  const answered = async (promise) => {
    let answer;
    try {
      answer = await promise;
    } catch (fault) {
      if (fault.isOverflow) begin("Getting ready again.");
      if (fault.isOverflow) throw new Mistake(TOO_DEEP);
      throw fault.stopped ? new Stopped() : fault;
    }
    if (answer.error) throw new Mistake(answer.error);
    return answer;
  };

  const giveFile = async (one) => {
    let bytes;
    try {
      bytes = new Uint8Array(await one.file.arrayBuffer());
    } catch {
      throw new Mistake({
        what: `“${pathOf(one.file)}” cannot be read any more`,
        why: "It was changed, moved or locked since you chose it.",
        advice: "Close it in other programs, remove it from the list, and choose it again.",
      });
    }
    one.id = (await answered(driver.addFile(pathOf(one.file), bytes))).id;
  };

  // What an engine that has just begun does not know: files, then what was made of them.
  const giveAgain = async (upTo) => {
    if (isEmpty) for (const one of [...held.files, ...held.read, ...held.beside]) one.id = null;
    if (isEmpty && held.sample) await answered(driver.call("use_sample"));
    for (const one of held.read) if (!one.id) await giveFile(one);
    if (isEmpty && upTo !== "files" && held.reading) {
      await answered(driver.call("read", held.reading));
      for (const one of held.answers) await answered(driver.call("answer", one));
      if (held.isScreened) await answered(driver.call("screen"));
    }
    isEmpty = false;
    if (upTo !== "files") for (const one of held.beside) if (!one.id) await giveFile(one);
  };

  const doing = async (words, does, upTo = "all") => {
    const work = async () => {
      await ready;
      if (words) by("stop").hidden = false;
      await giveAgain(upTo);
      isUsed = true;
      return does();
    };
    busy(words);
    try {
      return await Promise.race([work(), broken]);
    } finally {
      idle();
    }
  };

  const STOPPED = "Stopped. Nothing was changed.";

  const begin = (words) => {
    wasStopped = words === STOPPED;
    about = null;
    isEmpty = true;
    isUsed = false;
    isBegunAgain = true;
    expect();
    by("cannot").hidden = true;
    state.say(words);
    driver.stop();
  };

  return {
    start,
    ready: () => ready,
    about: () => about,
    ask: (method, args = {}, words = "") => doing(words, () => answered(driver.call(method, args)), method === "read" ? "files" : "all"),
    download: (method, args, words) => doing(words, () => answered(driver.download(method, args))),
    // What was chosen since beside the cases: a key, or findings of an earlier day.
    giveFiles: () => doing("", async () => {}),
    // What a file that was just chosen beside the cases is taken for, by what it holds.
    kindOf: async (one) => {
      const { files } = await doing("", () => answered(driver.call("files")));
      return (files.find(({ id }) => id === one.id) || {}).kind;
    },
    // A file that was refused stays nowhere: it would be taken for cases at the next reading.
    forget: async (one) => {
      held.beside = held.beside.filter((other) => other !== one);
      if (one.id) await doing("", () => answered(driver.call("remove_file", { id: one.id })));
    },
    stop: () => begin(STOPPED),
    // Ends a run that has read something: what memory it took is given back.
    anew: () => (isUsed || !by("cannot").hidden) && begin("Getting ready again."),
  };
})();
