import { createClient, ProblemError } from "burdock/client";
import type * as schema from "./schema.ts";

const client = createClient<typeof schema>({ url: process.argv[2] ?? "" });

const { data: made } = await client.notes.insertOne({ title: "ask for burrs", done: true });
const { data } = await client.notes.findMany({ where: { done: true }, select: ["title"] });
const title: string | undefined = data[0]?.title;
const missing: unknown = await client.notes.findOne(99).catch((error: unknown) => error);
const status = missing instanceof ProblemError ? missing.status : undefined;
console.log(JSON.stringify([made.title, title, status]));
