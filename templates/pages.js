// What the pages gain by a script: passwords are shown without sending the form, Caps Lock is told, and times are
// those of the reader's clock. Nothing needs it.

for (const button of document.querySelectorAll(".renewal-show")) {
  const field = document.getElementById(button.getAttribute("aria-controls"));
  const words = button.querySelector("span");
  const show = (shown) => {
    field.type = shown ? "text" : "password";
    words.textContent = shown ? button.dataset.hide : button.dataset.show;
  };
  button.type = "button";
  button.addEventListener("click", () => show(field.type === "password"));
  // A browser remembers what was typed into fields of text.
  field.form.addEventListener("submit", () => show(false));

  const caps = field.closest(".renewal-field").querySelector(".renewal-caps");
  const tell = (event) => {
    caps.textContent = event.getModifierState?.("CapsLock") ? caps.dataset.words : "";
  };
  field.addEventListener("keydown", tell);
  field.addEventListener("keyup", tell);
  field.addEventListener("blur", () => (caps.textContent = ""));
}

for (const time of document.querySelectorAll(".renewal time[data-local]")) {
  const language = time.closest("[lang]").lang;
  time.textContent = new Date(time.dateTime).toLocaleString(language, { dateStyle: "medium", timeStyle: "short" });
}
