// Comforts; every page works without them.
// "/" jumps to the search field, Escape closes an open menu.
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, select, textarea");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const search = document.querySelector("input[type=search]");
    if (search) { event.preventDefault(); search.focus(); search.select(); }
  }
  if (event.key === "Escape") document.querySelectorAll("details.menu[open]").forEach((open) => open.removeAttribute("open"));
});
document.addEventListener("click", (event) => {
  document.querySelectorAll("details.menu[open]").forEach((open) => { if (!open.contains(event.target)) open.removeAttribute("open"); });
});
// A form sends once, however often its button is pressed.
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) { event.preventDefault(); return; }
  event.target.dataset.sent = "1";
  setTimeout(() => delete event.target.dataset.sent, 5000);
});
// "Select all" of a table.
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-all]")) return;
  event.target.closest("table").querySelectorAll("tbody input[type=checkbox]").forEach((box) => { box.checked = event.target.checked; });
});
// Enterprises appear as one types; without this the form's button finds them.
const search = document.querySelector("input[data-hits]");
if (search) {
  const list = document.getElementById(search.dataset.hits);
  let waiting, asked = 0;
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    const text = search.value.trim();
    if (!text) { list.replaceChildren(); return; }
    waiting = setTimeout(async () => {
      const turn = ++asked;
      const answer = await fetch("/console/enterprises.json?q=" + encodeURIComponent(text), { headers: { Accept: "application/json" } });
      if (!answer.ok || turn !== asked) return;
      const { enterprises } = await answer.json();
      list.replaceChildren(...enterprises.map((one) => {
        const item = document.createElement("li"), link = document.createElement("a"), code = document.createElement("code");
        link.href = "/console/intake?enterprise=" + encodeURIComponent(one.id);
        code.textContent = one.uscc;
        link.append(one.name, " ", code);
        item.append(link);
        return item;
      }));
    }, 150);
  });
  search.addEventListener("keydown", (event) => {
    const first = list.querySelector("a");
    if (event.key === "ArrowDown" && first) { event.preventDefault(); first.focus(); }
    if (event.key === "Enter" && list.querySelectorAll("a").length === 1) { event.preventDefault(); first.click(); }
  });
  list.addEventListener("keydown", (event) => {
    const item = event.target.closest("li");
    const to = event.key === "ArrowDown" ? item?.nextElementSibling : event.key === "ArrowUp" ? item?.previousElementSibling : null;
    if (to) { event.preventDefault(); to.querySelector("a").focus(); }
    else if (event.key === "ArrowUp") { event.preventDefault(); search.focus(); }
  });
}
// Intake: what the category brings and what was asked before, while one types; without
// this a second button asks. What is sent says what stood there.
const intake = document.querySelector("[data-advice] form");
if (intake) {
  const place = intake.closest("[data-advice]").dataset.advice, { category, subject } = intake.elements;
  intake.querySelectorAll("button[name=look]").forEach((button) => button.remove());
  let waiting, asked = 0, last = "";
  const look = async () => {
    const ask = "&category=" + encodeURIComponent(category.value) + "&subject=" + encodeURIComponent(subject.value.trim());
    if (ask === last) return;
    last = ask;
    const turn = ++asked;
    const answer = await fetch(place + ask).catch(() => null);
    if (!answer?.ok || answer.redirected || turn !== asked) return;
    const piece = new DOMParser().parseFromString(await answer.text(), "text/html");
    piece.querySelectorAll("[data-below]").forEach((one) => {
      const below = document.getElementById("form-" + one.dataset.below + "-below");
      if (below.innerHTML.trim() !== one.innerHTML.trim()) below.replaceChildren(...one.childNodes);
    });
  };
  category.addEventListener("change", look);
  subject.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(look, 250); });
  subject.addEventListener("change", look);
}
