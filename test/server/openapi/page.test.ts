import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { serve } from "@hono/node-server";
import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { build } from "esbuild";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Config } from "../../../src/app/config.ts";
import { html } from "../../../src/server/openapi/html.ts";
import { CHROMIUM, openBrowser } from "../../support/browser.ts";
import { blog } from "../../support/blog.ts";

const PAGE = "/api/system/docs";
const EVIL = `</script><script>alert(1)</script><img src=x onerror="alert('2')">`;

/** An app whose every text that the page shows tries to be more than text. */
const HOSTILE: Config = {
	schema: {
		notes: sqliteTable("notes", {
			id: integer("id").primaryKey(),
			kind: text("kind", { enum: [EVIL, "b"] }).notNull(),
			size: text("size").default(EVIL),
		}),
	},
	entities: { notes: { label: EVIL } },
	seed: () => {},
};
const PLAIN: Config = { seed: () => {} };

async function pageOf(config: Config = PLAIN): Promise<{ response: Response; page: string }> {
	const { send } = await blog({ config });
	const response = await send(["GET", PAGE]);
	return { response, page: await response.text() };
}

/** What the page holds between tags of this name. */
function contents(page: string, tag: string): readonly string[] {
	return [...page.matchAll(new RegExp(`<${tag}>([^]*?)</${tag}>`, "g"))].map(
		([, inner]) => inner as string,
	);
}

describe("the page about the API", () => {
	test("shows every operation of the document", async () => {
		const { send } = await blog({ config: PLAIN });
		const page = await (await send(["GET", PAGE])).text();
		const document = await (await send(["GET", "/api/system/openapi.json"])).text();
		const ids = [...document.matchAll(/"operationId":"([^"]+)"/g)].map(([, id]) => id);
		expect(ids.length).toBeGreaterThan(40);
		for (const id of ids) expect(page).toContain(`id="${id}"`);
	});

	test("lets nothing run but its own style and script", async () => {
		const { response, page } = await pageOf();
		expect(response.status).toBe(200);
		expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
		const policy = response.headers.get("content-security-policy");
		const sources = ["style", "script"].map((tag) => {
			const [only, ...others] = contents(page, tag);
			expect(others).toEqual([]);
			const hash = createHash("sha256")
				.update(only as string)
				.digest("base64");
			return `${tag}-src 'sha256-${hash}'`;
		});
		expect(policy?.split("; ")).toEqual([
			"default-src 'none'",
			...sources,
			"connect-src 'self'",
			"img-src data:",
			"base-uri 'none'",
			"form-action 'none'",
			"frame-ancestors 'none'",
		]);
	});

	test("asks nobody else for anything", async () => {
		const { page } = await pageOf();
		const urls = [...page.matchAll(/\b(?:src|href|action)="([^"]*)"/g)].map(([, url]) => url);
		expect(urls.filter((url) => !/^(?:#|data:|openapi\.json$)/.test(url as string))).toEqual([]);
		expect(page).not.toMatch(/\son\w+=|\sstyle=|@import|url\(/);
	});

	test("shows names and labels as text, whatever they are", async () => {
		const { page } = await pageOf(HOSTILE);
		expect(page).not.toContain("<img");
		expect(contents(page, "script")).toHaveLength(1);
		expect(page).toContain("&#60;img src=x onerror=&#34;alert(&#39;2&#39;)&#34;&#62;");
	});

	test("is made once, and is there without tables, too", async () => {
		const { page } = await pageOf({ schema: {}, entities: {}, seed: () => {} });
		expect(page).toContain("About the server");
		const { send, database } = await blog({ config: PLAIN });
		const pages = [await send(["GET", PAGE]), await send(["GET", PAGE])];
		const [one, other] = await Promise.all(pages.map((response) => response.text()));
		expect(one).toBe(other);
		expect(database.statements).toBe(0);
	});

	test("shows only what an access rule lets somebody read", async () => {
		const { page } = await pageOf({
			...PLAIN,
			server: { access: (_, { entity }) => entity !== "authors" },
		});
		expect(page).toContain("/api/data/entity/posts");
		expect(page).not.toContain("authors");
	});

	test("is linked from the root", async () => {
		const { send } = await blog({ config: PLAIN });
		const { links } = (await (await send(["GET", "/"])).json()) as {
			links: Record<string, string>;
		};
		for (const path of [links["docs"], links["openapi"], links["model"]]) {
			expect((await send(["GET", path as string])).status).toBe(200);
		}
	});

	test("takes at most 8 kB of a bundle", async () => {
		const { outputFiles } = await build({
			entryPoints: ["src/server/openapi/render-page.ts"],
			bundle: true,
			minify: true,
			format: "esm",
			write: false,
		});
		expect(gzipSync(outputFiles[0]?.contents ?? "", { level: 9 }).length).toBeLessThan(8192);
	});
});

test("html escapes what is no HTML", () => {
	const inner = html`<b>${'<&"'}</b>`;
	expect(html`<p title="${"'"}">${inner}${[inner]}${1}${undefined}</p>`.text).toBe(
		'<p title="&#39;"><b>&#60;&#38;&#34;</b><b>&#60;&#38;&#34;</b>1</p>',
	);
});

describe.skipIf(CHROMIUM === undefined)(
	`in Chromium (${CHROMIUM ?? "not on this machine"})`,
	() => {
		/** A page on a server of its own that keeps the paths it was asked for. */
		async function visit(config: Config = PLAIN, end = "") {
			const { app } = await blog({ config: { server: { access: "open" }, ...config } });
			const asked: string[] = [];
			const server = serve({
				port: 0,
				fetch: (request) => {
					asked.push(`${request.method} ${new URL(request.url).pathname}`);
					return app.fetch(request);
				},
			});
			onTestFinished(() => void server.close());
			const browser = await openBrowser();
			const { port } = server.address() as { port: number };
			await browser.open(`http://127.0.0.1:${port}${PAGE}${end}`);
			return { browser, asked };
		}

		test("it keeps to its policy, and fetches nothing else", { timeout: 60_000 }, async () => {
			const { browser, asked } = await visit(HOSTILE);
			expect(await browser.evaluate("document.querySelectorAll('.op').length")).toBeGreaterThan(10);
			expect(await browser.evaluate("document.querySelectorAll('img').length")).toBe(0);
			expect(browser.messages).toEqual([]);
			expect(asked).toEqual([`GET ${PAGE}`]);
		});

		test("it filters the operations, and sends requests", { timeout: 60_000 }, async () => {
			const { browser, asked } = await visit({}, "#authors.create");
			expect(await browser.evaluate("document.getElementById('authors.create').open")).toBe(true);
			const visible = await browser.evaluate(`
			const filter = document.getElementById("filter");
			filter.value = "tags delete";
			filter.dispatchEvent(new Event("input"));
			[...document.querySelectorAll(".op")]
				.filter((one) => one.checkVisibility())
				.map((one) => one.id)
		`);
			expect(visible).toEqual(["tags.deleteWhere", "tags.delete", "postTags.deleteWhere"]);
			const answer = await browser.evaluate(`
			filter.value = "";
			filter.dispatchEvent(new Event("input"));
			const operation = document.getElementById("authors.create");
			const output = operation.querySelector(".try + pre");
			new Promise((resolve) => {
				new MutationObserver(() => {
					if (output.textContent !== "…") resolve(output.textContent);
				}).observe(output, { childList: true });
				operation.querySelector("button").click();
			});
		`);
			expect(answer).toMatch(/^201 Created/);
			expect(answer).toContain('"id": "some-id"');
			expect(asked).toContain("POST /api/data/entity/authors");
			expect(browser.messages).toEqual([]);
		});

		test("it works without JavaScript", { timeout: 60_000 }, async () => {
			const { browser } = await visit();
			const url = (await browser.evaluate("location.href")) as string;
			await browser.command("Emulation.setScriptExecutionDisabled", { value: true });
			await browser.open(url);
			const { root } = (await browser.command("DOM.getDocument", { depth: -1 })) as {
				root: object;
			};
			const text = JSON.stringify(root);
			expect(text).toContain("/api/data/entity/posts");
			expect(text).toContain('"nodeName":"DETAILS"');
			expect(text).not.toContain('"filter"');
		});

		test.for([
			["light", 1280],
			["dark", 1280],
			["light", 360],
			["dark", 360],
		] as const)(
			"it can be read in %s at %i pixels",
			{ timeout: 60_000 },
			async ([scheme, width]) => {
				const { browser } = await visit({}, "#posts.create");
				await browser.command("Emulation.setDeviceMetricsOverride", {
					width,
					height: 900,
					deviceScaleFactor: 1,
					mobile: width < 500,
				});
				await browser.command("Emulation.setEmulatedMedia", {
					features: [{ name: "prefers-color-scheme", value: scheme }],
				});
				const overflow =
					"document.documentElement.scrollWidth - document.documentElement.clientWidth";
				expect(await browser.evaluate(overflow)).toBe(0);
				expect(await browser.evaluate(WORST_CONTRAST)).toBeGreaterThan(4.5);
				const unnamed = await browser.evaluate(
					`[...document.querySelectorAll("input, textarea, button, nav, [role=region]")]
				.filter((one) => !one.ariaLabel && !one.labels?.length && !one.textContent)
				.map((one) => one.outerHTML)`,
				);
				expect(unnamed).toEqual([]);
			},
		);
	},
);

/** The lowest contrast between a text and what is behind it, as WCAG computes it. */
const WORST_CONTRAST = `
(() => {
	const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
	const rgb = (color) => {
		canvas.clearRect(0, 0, 1, 1);
		canvas.fillStyle = color;
		canvas.fillRect(0, 0, 1, 1);
		return [...canvas.getImageData(0, 0, 1, 1).data];
	};
	const light = (color) => {
		const [r, g, b] = rgb(color).slice(0, 3).map((part) => {
			const share = part / 255;
			return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
		});
		return 0.2126 * r + 0.7152 * g + 0.0722 * b;
	};
	const behind = (element) => {
		const { backgroundColor } = getComputedStyle(element);
		return rgb(backgroundColor)[3] > 0 ? backgroundColor : behind(element.parentElement);
	};
	const ratios = [...document.querySelectorAll("body *")]
		.filter((one) => one.checkVisibility() && [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
		.map((one) => {
			const pair = [light(getComputedStyle(one).color), light(behind(one))];
			return (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
		});
	return Math.min(...ratios);
})()
`;
