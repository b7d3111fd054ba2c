"use strict";
// What the server's pages do by a button, without a click: the chosen trigger's fields are shown at once.
{
  const form = document.getElementById("job-form");
  const kind = document.getElementById("id_kind");

  const showPanel = () => {
    for (const panel of form.querySelectorAll("[data-kind]")) {
      panel.hidden = panel.dataset.kind !== kind.value;
    }
  };

  const dropButtons = () => {
    for (const button of form.querySelectorAll(".job-form-show")) {
      button.remove();
    }
  };

  showPanel();
  dropButtons();
  kind.addEventListener("change", showPanel);
  document.body.addEventListener("htmx:afterSwap", dropButtons);

  // Unfold warns of leaving once something was typed; what the server gave back has been typed before.
  window.addEventListener("load", () => {
    if ("unsaved" in form.dataset) {
      document.getElementById("id_name").dispatchEvent(new Event("input"));
    }
  });
}
