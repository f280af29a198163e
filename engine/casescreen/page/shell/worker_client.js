// startEngine: the engine in its worker, as calls that give promises. And what keeps the page where it is.
//
// const engine = startEngine({onProgress(text, done, whole), onReady(about), onFailure({reason, detail})});
// engine.call(method, args), engine.addFile(name, bytes), engine.download(method, args), engine.stop(), engine.restart()
// Each gives a promise. What was asked of an engine that is stopped fails with an error whose `stopped` is true.

"use strict";

// A policy forbids connections, and not going elsewhere: that is refused here, whatever in the page asks for it. What a
// person types into the address bar is not of the page, and never refused.
(() => {
  // Firefox tells of a download twice, and the second time does not say that it is one.
  let saved = "";
  const isDownload = ({ destination, downloadRequest }) => {
    if (downloadRequest !== null && destination.url.startsWith("blob:")) saved = destination.url;
    return destination.url === saved;
  };
  const staysHere = (event) => event.hashChange || event.navigationType === "reload" || isDownload(event);
  const refuse = (address) => console.error(`This page stays where it is, and does not go to ${address}`);
  if (window.navigation)
    window.navigation.addEventListener("navigate", (event) => {
      if (staysHere(event)) return;
      event.preventDefault();
      refuse(event.destination.url);
    });
  window.open = (address) => {
    refuse(address);
    return null;
  };
  // No policy that every browser knows forbids these to speak with others.
  for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection", "WebTransport"]) delete window[name];
})();

const startEngine = (() => {
  const PARTS = ["index", "loader", "glue", "machine", "library", "packages"];

  const part = (id) => {
    const found = document.getElementById(`part-${id}`);
    if (!found) throw Object.assign(new Error(`There is no part ${id}.`), { reason: "damaged" });
    return found.textContent;
  };

  const today = () => {
    const now = new Date();
    const two = (number) => String(number).padStart(2, "0");
    return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  };

  const lacking = () => {
    if (typeof WebAssembly !== "object" || !WebAssembly.compileStreaming) return "no-webassembly";
    if (typeof DecompressionStream !== "function") return "no-decompression";
    if (typeof Worker !== "function") return "no-worker";
    return null;
  };

  const whole = new Promise((done) => {
    if (document.readyState !== "loading") done();
    else document.addEventListener("DOMContentLoaded", () => done());
  });

  return ({ onProgress, onReady, onFailure }) => {
    let worker = null;
    let module = null; // compiled once: each worker is given it
    let waiting = new Map();
    let number = 0;

    const forget = (fault) => {
      const forgotten = waiting;
      waiting = new Map();
      forgotten.forEach((asked) => asked.fail(fault));
    };

    const fail = (reason, detail) => {
      forget(new Error(detail));
      onFailure({ reason, detail });
    };

    const settle = ({ id, ok, fault, isShortOfMemory, isOverflow }) => {
      const asked = waiting.get(id);
      if (!asked) return;
      waiting.delete(id);
      if (fault === undefined) asked.done(ok);
      else if (isShortOfMemory) fail("no-memory", fault);
      else asked.fail(Object.assign(new Error(fault), { isOverflow }));
    };

    const hear = (data) => {
      if (data.progress) onProgress(data.progress.text, data.progress.done, data.progress.whole);
      else if (data.compiled) module = data.compiled;
      else if (data.ready) onReady(data.ready);
      else if (data.failed) fail(data.failed.reason, data.failed.detail);
      else if (data.refused) console.error(`The policy of this page refused ${data.refused}`);
      else settle(data);
    };

    const begin = async () => {
      await whole;
      const address = URL.createObjectURL(new Blob([part("worker")], { type: "text/javascript" }));
      const begun = new Worker(address);
      worker = begun;
      begun.onmessage = ({ data }) => {
        if (begun === worker) hear(data);
      };
      begun.onerror = ({ message }) => {
        if (begun === worker) fail("engine", message || "The worker did not start.");
      };
      const parts = Object.fromEntries(PARTS.map((id) => [id, id === "machine" && module ? "" : part(id)]));
      begun.postMessage({ start: { parts, module, today: today() } });
    };

    const tryToBegin = () => begin().catch((fault) => fail(fault.reason || "engine", String(fault)));

    const ask = (message, transfer = []) =>
      new Promise((done, failed) => {
        number += 1;
        waiting.set(number, { done, fail: failed });
        worker.postMessage({ ...message, id: number }, transfer);
      });

    const stop = () => {
      if (worker) worker.terminate();
      worker = null;
      forget(Object.assign(new Error("It was stopped."), { stopped: true }));
      return tryToBegin();
    };

    const lack = lacking();
    if (lack) setTimeout(() => fail(lack, ""));
    else tryToBegin();
    return {
      call: (method, args = {}) => ask({ does: "call", method, args: JSON.stringify(args) }),
      addFile: (name, bytes) => ask({ does: "addFile", name, bytes }, [bytes.buffer]),
      download: (method, args = {}) => ask({ does: "download", method, args: JSON.stringify(args) }),
      stop,
      restart: stop,
    };
  };
})();
