/** The script of the page about the API: a filter, and requests to try. The page works without it. */
export const PAGE_SCRIPT = `
(() => {
const all = (selector, from = document) => [...from.querySelectorAll(selector)];
const make = (tag, properties, ...children) => {
	const element = Object.assign(document.createElement(tag), properties);
	element.append(...children);
	return element;
};
const field = (form, label, control) => {
	form.append(make("label", {}, label, control));
	return control;
};
const menu = document.querySelector("nav details");
const wide = matchMedia("(min-width:52.01rem)");
const setMenu = () => { menu.open = wide.matches; };
wide.addEventListener("change", setMenu);
setMenu();
const filter = make("input", { id: "filter", type: "search", placeholder: "Filter", ariaLabel: "Filter the operations" });
menu.querySelector("summary").after(filter);
filter.addEventListener("input", () => {
	const words = filter.value.toLowerCase().split(/\\s+/);
	for (const section of all("main section")) {
		const operations = all(".op", section);
		for (const one of operations) {
			const text = (section.dataset.name + " " + one.firstElementChild.textContent).toLowerCase();
			one.hidden = !words.every((word) => text.includes(word));
		}
		section.hidden = filter.value !== "" && operations.every((one) => one.hidden);
	}
});
let token = "";
const holder = document.querySelector("header");
if (holder.dataset.token) {
	const input = make("input", { type: "password", autocomplete: "off" });
	input.addEventListener("input", () => { token = input.value; });
	const form = make("form", { className: "try", onsubmit: () => false });
	field(form, "Token for trying requests; it stays on this page", input);
	holder.append(form);
}
const addForm = (operation) => {
	const { method, path, body } = operation.dataset;
	const form = make("form", { className: "try" });
	const values = all("[data-parameter]", operation).map((item) => [item.dataset.parameter,
		field(form, item.dataset.parameter, make("input", { value: item.dataset.example ?? "", required: true }))]);
	const query = operation.dataset.query === undefined ? undefined :
		field(form, "Query", make("input", { placeholder: "select=id" }));
	const text = body === undefined ? undefined : field(form, "Body", make("textarea", { value: body, spellcheck: false }));
	const output = make("pre", { hidden: true, tabIndex: 0, ariaLive: "polite" });
	form.append(make("button", {}, "Send " + method));
	let stop;
	form.addEventListener("submit", async (event) => {
		event.preventDefault();
		const url = values.reduce((all, [name, input]) => all.replace("{" + name + "}", () => encodeURIComponent(input.value)), path);
		output.hidden = false;
		output.textContent = "…";
		stop?.abort();
		const { signal } = stop = new AbortController();
		const show = (text) => { if (!signal.aborted) output.textContent = text; };
		try {
			const response = await fetch(url + (query?.value ? "?" + query.value : ""), {
				method,
				headers: { accept: "application/json", ...(token && { authorization: "Bearer " + token }) },
				...(text?.value && { body: text.value }),
				signal,
			});
			const head = response.status + " " + response.statusText + "\\n\\n";
			const decoder = new TextDecoder();
			const reader = response.body?.getReader();
			let answer = "";
			for (let part; reader && !(part = await reader.read()).done;) {
				answer += decoder.decode(part.value, { stream: true });
				if (response.headers.get("content-type") === "application/x-ndjson") show(head + answer);
			}
			try { answer = JSON.stringify(JSON.parse(answer), null, 2); } catch {}
			show(head + answer);
		} catch (error) {
			show(String(error));
		}
	});
	operation.lastElementChild.append(make("h4", {}, "Try it"), form, output);
};
for (const operation of all(".op")) {
	operation.addEventListener("toggle", () => addForm(operation), { once: true });
}
const reveal = () => {
	const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
	if (target?.tagName === "DETAILS") target.open = true;
	if (!wide.matches) menu.open = false;
};
addEventListener("hashchange", reveal);
reveal();
})();
`;
