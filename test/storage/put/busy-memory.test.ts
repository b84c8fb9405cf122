import { expect, it } from "vitest";
import type { ChunkMemory } from "../../../src/bytes/chunk-memory.ts";
import { putInParts } from "../../../src/storage/put/parts-transport.ts";
import { FakeStorage } from "./fake-storage.ts";
import { bodyOf, putRequest } from "./transport-contract.ts";

it.each([
	[undefined, true],
	["https://storage.example", true],
	["http://storage.example", false],
])("a body on its way to %s is told that its thread is busy: %s", async (endpoint, busy) => {
	let told: ChunkMemory | undefined;
	const request = putRequest("bucket", "key", bodyOf(0));
	const enough = new Error("enough");
	const open = (memory: ChunkMemory) => {
		told = memory;
		throw enough;
	};
	const connection = { ...new FakeStorage({}).connection(), endpoint };
	const put = putInParts(connection, { ...request, body: { ...request.body, open } });
	await expect(put).rejects.toThrow("enough");
	expect(told?.busy).toBe(busy);
});
