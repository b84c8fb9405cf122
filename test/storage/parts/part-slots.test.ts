import { describe, expect, it } from "vitest";
import { readSdkError } from "../../../src/s3/errors/sdk-error.ts";
import { PartSlots } from "../../../src/storage/parts/part-slots.ts";
import { Gate, settled } from "../../support/gate.ts";

const failure = (status: number, name: string) =>
	readSdkError(Object.assign(new Error(), { name, $metadata: { httpStatusCode: status } }));
const busy = failure(503, "SlowDown");

/** How many of more than enough requests are under way at once. */
async function underWay(slots: PartSlots): Promise<number> {
	const gate = new Gate();
	let begun = 0;
	const requests = Array.from({ length: 20 }, () =>
		slots.run(() => {
			begun += 1;
			return gate.passed;
		}),
	);
	await settled();
	const count = begun;
	gate.open();
	await Promise.all(requests);
	return count;
}

describe("PartSlots", () => {
	it("halves what is under way with each complaint, down to one", async () => {
		const slots = new PartSlots(5);
		const counts = [await underWay(slots)];
		for (const complaint of [busy, failure(429, "TooManyRequests"), failure(503, "ServiceUnavailable")]) {
			slots.noteFailure(complaint);
			counts.push(await underWay(slots));
		}
		expect(counts).toEqual([5, 2, 1, 1]);
	});

	it("takes other failures for no complaint", async () => {
		const slots = new PartSlots(4);
		slots.noteFailure(failure(500, "InternalError"));
		expect(await underWay(slots)).toBe(4);
	});

	it("takes up one more after every ten parts, no more than at first", async () => {
		const slots = new PartSlots(4);
		slots.noteFailure(busy);
		const counts = [];
		for (let count = 1; count <= 30; count++) {
			slots.noteConfirmed(count);
			if (count % 10 === 9 || count % 10 === 0) counts.push(await underWay(slots));
		}
		expect(counts).toEqual([2, 3, 3, 4, 4, 4]);
	});
});
