import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type * as Handlers from "../../../examples/workers/lambda-shards.ts";
import { noise } from "../../support/bytes.ts";
import { DemoServer } from "../../support/demo-server.ts";
import { zipContents } from "../../support/zip-contents.ts";
import { type Functions, MachineFailure, runMachine } from "./state-machine.ts";

const FILE = new URL("../../../examples/workers/step-functions.asl.json", import.meta.url);

/** Its package has no types; this is what its README says. */
type Validator = (definition: object) => { readonly isValid: boolean; errorsText(): string };
const validate = createRequire(import.meta.url)("asl-validator") as Validator;

const text = await readFile(FILE, "utf8");
const machine = () => JSON.parse(text) as Parameters<typeof runMachine>[0];

describe("examples/workers/step-functions.asl.json", () => {
	it("is what the States Language allows", () => {
		expect(validate(machine())).toMatchObject({ isValid: true, errors: [] });
		for (const [from, to] of [
			['"Next": "Finish"', '"Next": "Finnish"'],
			["$states.input.plan.shardCount - 1]", "$states.input.plan.shardCount - 1"],
			['"MaxConcurrency"', '"MaxConcurrent"'],
		] as const) {
			expect(text).toContain(from);
			expect(validate(JSON.parse(text.replace(from, to)) as object).isValid, to).toBe(false);
		}
	});
});

describe("the state machine with the functions of examples/workers/lambda-shards.ts", {
	timeout: 120_000,
	tags: "slow",
}, () => {
	let server: DemoServer;
	let handlers: typeof Handlers;
	const photo = noise(3 * 1024 ** 2);
	const NAMES = Array.from({ length: 8 }, (_, index) => `photos/${index}.jpg`);
	const EVENT = { sources: ["s3://demo/photos/"], bucket: "demo", key: "photos.zip", workers: 2 };

	beforeAll(async () => {
		server = await DemoServer.start();
		for (const [name, value] of Object.entries(server.env)) vi.stubEnv(name, value);
		handlers = (await import("../../../examples/workers/lambda-shards.ts")) as typeof Handlers;
	});
	afterAll(async () => {
		vi.unstubAllEnvs();
		await server?.close();
	});
	beforeEach(async () => {
		for (const name of NAMES) await server.put(name, photo);
	});

	const functions = (changes: Functions = {}): Functions => ({
		"zipferry-plan": handlers.plan,
		"zipferry-work": handlers.work,
		"zipferry-finish": handlers.finish,
		"zipferry-abort": handlers.abort,
		...changes,
	});

	it("makes one archive, and leaves nothing beside it", async () => {
		const output = await runMachine(machine(), EVENT, functions());
		expect(output).toMatchObject({ key: "photos.zip", entryCount: NAMES.length });
		const contents = await zipContents((await server.get("photos.zip")).bytes);
		expect([...contents.keys()]).toEqual(NAMES.map((name) => name.replace("photos/", "")));
		for (const { data } of contents.values()) expect(photo.equals(data)).toBe(true);
		expect((await server.keys()).filter((key) => key.includes(".zipferry-shards"))).toEqual([]);
		expect(await server.incompleteUploads()).toEqual([]);
	});

	it("tries a shard again whose function was killed", async () => {
		let killed = 0;
		const work = async (event: Parameters<typeof handlers.work>[0]) => {
			const made = await handlers.work(event);
			if (event.index === 0 && killed++ < 2) throw new Error("Task timed out");
			return made;
		};
		const output = await runMachine(
			machine(),
			{ ...EVENT, key: "again.zip" },
			functions({ "zipferry-work": work }),
		);
		expect(output).toMatchObject({ key: "again.zip" });
		expect(killed).toBe(3);
	});

	it("removes everything and fails if a source has changed", async () => {
		const plan = async (event: Parameters<typeof handlers.plan>[0]) => {
			const made = await handlers.plan(event);
			await server.put("photos/3.jpg", "another photo");
			return made;
		};
		const running = runMachine(
			machine(),
			{ ...EVENT, key: "changed.zip" },
			functions({ "zipferry-plan": plan }),
		);
		const failure: unknown = await running.catch((error: unknown) => error);
		expect(failure).toBeInstanceOf(MachineFailure);
		expect(failure).toMatchObject({
			output: { Error: "SourceError", Cause: expect.stringMatching(/3\.jpg/) },
		});
		expect(await server.keys()).not.toContain("changed.zip");
		expect((await server.keys()).filter((key) => key.includes(".zipferry-shards"))).toEqual([]);
		expect(await server.incompleteUploads()).toEqual([]);
	});
});
