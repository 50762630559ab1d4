import { integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core";
import { expect, test } from "vitest";
import { testApp } from "../../support/test-app.ts";

const orders = sqliteTable("orders", { id: integer().primaryKey(), customer: text().notNull() });
const lines = sqliteTable(
	"lines",
	{
		orderId: integer()
			.notNull()
			.references(() => orders.id),
		no: integer().notNull(),
	},
	(table) => [primaryKey({ columns: [table.orderId, table.no] })],
);
const ORDERS = "/api/data/entity/orders";

async function faultsOf(body: unknown) {
	const { request } = await testApp({ schema: { orders, lines } });
	const response = await request("POST", ORDERS, body);
	return ((await response.json()) as { errors: readonly { readonly path: string }[] }).errors;
}

test("a row that takes the key of another under the same new row is named by its whole path", async () => {
	const faults = await faultsOf({ customer: "Ada", lines: { $create: [{ no: 1 }, { no: 1 }] } });
	expect(faults.map(({ path }) => path)).toEqual([
		"lines.$create[1].orderId",
		"lines.$create[1].no",
	]);
});

test("the same number under two new rows is no fault, and the row at fault is still found", async () => {
	const faults = await faultsOf([
		{ customer: "Ada", lines: { $create: [{ no: 1 }] } },
		{ customer: "Bob", lines: { $create: [{ no: 1 }, { no: 2 }, { no: 2 }] } },
	]);
	expect(faults.map(({ path }) => path)).toEqual([
		"[1].lines.$create[2].orderId",
		"[1].lines.$create[2].no",
	]);
});

test("an insert of what is no object lacks no fields", async () => {
	const message = "Expected an object of fields.";
	for (const body of [null, 5]) {
		expect(await faultsOf(body)).toEqual([expect.objectContaining({ path: "", message })]);
	}
});
