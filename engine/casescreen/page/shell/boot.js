// startEngine: the engine in its worker, as calls that give promises.

"use strict";

const startEngine = (() => {
  const text = (id) => document.getElementById(`part-${id}`).textContent;
  const PARTS = ["index", "loader", "glue", "machine", "library", "packages"];

  const today = () => {
    const now = new Date();
    const two = (number) => String(number).padStart(2, "0");
    return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  };

  const lacking = () => {
    if (typeof WebAssembly !== "object") return "no-webassembly";
    if (typeof DecompressionStream !== "function") return "no-decompression";
    if (typeof Worker !== "function") return "no-worker";
    return null;
  };

  const loaded = new Promise((done) => {
    if (document.readyState !== "loading") done();
    else document.addEventListener("DOMContentLoaded", () => done());
  });

  return ({ onProgress, onReady, onFailure }) => {
    let worker = null;
    let module = null;
    let waiting = new Map();
    let number = 0;
    let ready = null;

    const fail = (reason, detail = "") => onFailure({ reason, detail });

    const hear = (from, { data }) => {
      if (from !== worker) return;
      if (data.progress) onProgress(data.progress.text, data.progress.done, data.progress.whole);
      else if (data.compiled) module = data.compiled;
      else if (data.ready) ready.done(data.ready);
      else if (data.failed) fail("engine", data.failed);
      else {
        const asked = waiting.get(data.id);
        waiting.delete(data.id);
        if (data.error === undefined) asked.done(data.ok);
        else asked.fail(new Error(data.error));
      }
    };

    const begin = async () => {
      const promise = new Promise((done) => (ready = { done }));
      await loaded;
      const address = URL.createObjectURL(new Blob([text("worker")], { type: "text/javascript" }));
      const made = new Worker(address);
      worker = made;
      made.onmessage = (event) => hear(made, event);
      made.onerror = (event) => fail("worker", event.message);
      const parts = Object.fromEntries(PARTS.map((id) => [id, id === "machine" && module ? "" : text(id)]));
      made.postMessage({ start: { parts, module, today: today() } });
      const about = await promise;
      URL.revokeObjectURL(address);
      onReady(about);
    };

    const ask = (message, transfer = []) =>
      new Promise((done, failed) => {
        number += 1;
        waiting.set(number, { done, fail: failed });
        worker.postMessage({ ...message, id: number }, transfer);
      });

    const stop = () => {
      worker.terminate();
      waiting.forEach((asked) => asked.fail(Object.assign(new Error("stopped"), { stopped: true })));
      waiting = new Map();
      return begin();
    };

    const lack = lacking();
    if (lack) fail(lack);
    else begin();
    return {
      call: (method, args = {}) => ask({ does: "call", method, args: JSON.stringify(args) }),
      addFile: (name, bytes) => ask({ does: "addFile", name, bytes }, [bytes.buffer]),
      download: (method, args = {}) => ask({ does: "download", method, args: JSON.stringify(args) }),
      stop,
      restart: stop,
    };
  };
})();
