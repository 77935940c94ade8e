// Comfort only: every page does its work without this file.
"use strict";

(() => {
  // A form is sent once, however often its button is pressed.
  for (const form of document.querySelectorAll("form[data-once]")) {
    form.addEventListener("submit", (event) => {
      if (event.submitter?.hasAttribute("formtarget")) return; // a look into a frame, as often as one likes
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = "yes";
    });
  }

  // The set-up code stands behind the # of the address, which reaches no log; here it moves into its field.
  const code = document.querySelector("[data-from-address]");
  if (code && window.location.hash.length > 1) {
    code.value = window.location.hash.slice(1);
    window.history.replaceState(null, "", window.location.pathname + window.location.search);
  }

  // On a phone the navigation is one line: the page one is on stands in sight.
  const here = document.querySelector(".nav a[aria-current='page']");
  const line = here?.closest(".nav");
  if (line) line.scrollLeft = here.offsetLeft - line.offsetLeft - (line.clientWidth - here.offsetWidth) / 2;

  // A text that somebody needs elsewhere, at the press of a button.
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const text = document.getElementById(button.dataset.copy);
      try {
        await navigator.clipboard.writeText(text.textContent);
        button.textContent = button.dataset.copied;
      } catch {
        window.getSelection().selectAllChildren(text);
      }
    });
  }

  // The progress of a run of reports: asked for instead of reloading the page.
  const run = document.querySelector("[data-progress]");
  if (run) {
    const bar = run.querySelector("progress");
    const text = run.querySelector("output");
    const ask = async () => {
      const answer = await fetch(run.dataset.progress, { headers: { Accept: "application/json" } });
      if (!answer.ok) return window.location.reload();
      const state = await answer.json();
      bar.value = state.done;
      bar.max = state.total;
      text.value = state.text;
      if (state.running) window.setTimeout(ask, 1000);
      else window.location.reload();
    };
    window.setTimeout(ask, 1000);
  }

  // At most so many boxes of a group can be ticked (the server holds the limit too).
  for (const group of document.querySelectorAll("[data-most]")) {
    const boxes = [...group.querySelectorAll("input[type='checkbox']")];
    const hold = () => {
      const full = boxes.filter((box) => box.checked).length >= Number(group.dataset.most);
      for (const box of boxes) box.disabled = full && !box.checked;
    };
    group.addEventListener("change", hold);
    hold();
  }

  // A preview follows what is typed: the button that fills its frame is pressed once the typing rests.
  for (const form of document.querySelectorAll("form[data-preview]")) {
    const buttons = [...document.querySelectorAll("button[formtarget]")].filter((button) => button.form === form);
    let last = buttons.find((button) => button.value.startsWith(document.documentElement.lang)) ?? buttons[0];
    let rest = 0;
    const mark = () => {
      for (const button of buttons) if (button.name) button.setAttribute("aria-pressed", String(button === last));
    };
    for (const button of buttons) {
      button.addEventListener("click", () => {
        last = button;
        mark();
      });
    }
    form.addEventListener("input", () => {
      window.clearTimeout(rest);
      rest = window.setTimeout(() => last && form.requestSubmit(last), 600);
    });
    mark();
  }

  // Which of the links beside a frame it shows.
  for (const group of document.querySelectorAll(".preview-pages")) {
    group.addEventListener("click", (event) => {
      const link = event.target.closest("a[target]");
      if (!link) return;
      for (const each of group.querySelectorAll("a")) each.removeAttribute("aria-current");
      link.setAttribute("aria-current", "true");
    });
  }

  // A page that is made for paper offers to print itself.
  for (const button of document.querySelectorAll("button[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
})();
