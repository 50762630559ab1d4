import { integer, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { describe, expect, it } from "vitest";
import { redactText, secretNames } from "../../src/server/tail/secret-names.ts";
import type { TailedEvent } from "../../src/events/tailed-event.ts";
import { testApp } from "../support/test-app.ts";

const users = sqliteTable("users", {
	id: integer().primaryKey({ autoIncrement: true }),
	name: text().notNull(),
	passwordHash: text("pw_hash"),
	taxNumber: text("tax_no"),
});

const SECRET = `
	password, newPassword, new-password, NEW_PASSWORD, newpassword, passwd, passwordHash,
	pw_hash, pwHash, userPw, pwd, passphrase, client_secret, authorization, Proxy-Authorization,
	auth, cookie, set-cookie, Cookies, api-key, apiKey, x-api-key, X_API_KEY, apikey, token,
	sessionToken, access_token, csrf-token, tokens, jwt, userJwt, credentials, privateKey,
	private-key, accessKeyId, signing_key, encryptionKey, sessionId, session_id, sid,
	connect.sid, otp, secretary_secret, api key, taxNumber, TAX_NUMBER, tax-no, tax_no, taxNo,
	users.taxNumber, Größe
`
	.trim()
	.split(/,\s*/);

const ORDINARY = `
	author, authorId, authors, author_name, authority, secretary, secretaries, key, keys,
	monkey, keyboard, primaryKey, foreign_key, session, sessions, sessionIdleTimeout, pass,
	passenger, bypass, passive, compass, side, inside, hotpot, laptop, desktop, power, pwa,
	path, title, hash, url, -, tax, number, taxNumbers, grosse, constructor, __proto__,
`
	.trim()
	.split(/,\s*/);

describe("names of secrets", () => {
	const isSecret = secretNames(["taxNumber", "tax_no", "größe"]);

	it.each(SECRET)("has %j among them", (name) => {
		expect(isSecret(name)).toBe(true);
	});

	it.each(ORDINARY)("has not %j", (name) => {
		expect(isSecret(name)).toBe(false);
	});
});

describe("a text that is told", () => {
	it.each([
		["/posts?access_token=s3", "/posts?access_token=[redacted]"],
		["https://a.example/b?x=s3&y=&z#q=s3", "https://a.example/b?x=[redacted]&y=&z#q=[redacted]"],
		["https://ada:s3@a.example/b", "https://[redacted]@a.example/b"],
		["redis://:s3@localhost:6379", "redis://[redacted]@localhost:6379"],
		["https://s3@a.example", "https://[redacted]@a.example"],
		["//ada:s3@a.example/b", "//[redacted]@a.example/b"],
		["https://ada:s@3@a.example?b=c@d", "https://[redacted]@a.example?b=[redacted]"],
		[
			"No answer of https://ada:s3@a.example?t=s3 and (wss://b.example/?t=s3).",
			"No answer of https://[redacted]@a.example?t=[redacted] and (wss://b.example/?t=[redacted]",
		],
		['https://a.example?where={"passwordHash":"s3"}', "https://a.example?where=[redacted]"],
	])("%s", (given, told) => {
		expect(redactText(given)).toBe(told);
	});

	it.each([
		"a = b & c = d?",
		"ada@example.com",
		"Is it so? x=1",
		"https://a.example/b",
		"/posts/1",
		"http://[::1]:3000/@ada",
	])("%s stays as it is", (given) => {
		expect(redactText(given)).toBe(given);
	});

	it.each(["a.", "?", "&", "://", "a://", "/", "@", "a://@", "?a", "https://a?b=", "a-"])(
		"is read once, whatever it is: %j many times",
		(part) => {
			const start = performance.now();
			redactText(part.repeat(100_000));
			redactText(`/${part.repeat(100_000)}`);
			expect(performance.now() - start).toBeLessThan(2000);
		},
	);
});

describe("GET /api/system/events", () => {
	it("tells no secret, however it is named, and none that is in a URL", async () => {
		const { app } = await testApp({
			schema: { users },
			entities: { users: { hidden: ["passwordHash", "taxNumber"] } },
		});
		const response = await app.fetch(new Request("http://localhost/api/system/events?ref=login.*"));
		const reader = (response.body as ReadableStream<Uint8Array>).getReader();
		await reader.read();
		await app.emgr.emit("login.tried", {
			headers: { "x-api-key": "s3", "proxy-authorization": "s3", "set-cookie": ["s3"] },
			body: { newPassword: "s3", sessionToken: "s3", author: "ada" },
			row: { pw_hash: "s3", passwordHash: "s3", tax_no: "s3" },
			request: new Request('http://localhost/users?where={"passwordHash":"s3"}&limit=3'),
			url: new URL("https://ada:s3@a.example/?access_token=s3"),
			link: "/users?access_token=s3",
			error: new Error("No answer of https://ada:s3@a.example"),
		});
		const { value } = await reader.read();
		const line = new TextDecoder().decode(value);
		expect(line).not.toContain("s3");
		expect((JSON.parse(line) as TailedEvent).params).toMatchObject({
			body: { newPassword: "[redacted]", author: "ada" },
			request: { method: "GET", url: "http://localhost/users?where=[redacted]&limit=[redacted]" },
			url: "https://[redacted]@a.example/?access_token=[redacted]",
			link: "/users?access_token=[redacted]",
			error: { message: "No answer of https://[redacted]@a.example" },
		});
		await reader.cancel();
		await app.close();
	});
});
