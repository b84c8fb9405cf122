import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Sender } from "../../../src/s3/send.ts";
import { probeBucket } from "../../../src/storage/put/probe-bucket.ts";

// Time passes by waiting only, and at once.
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const refused = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
const unknownHost = Object.assign(new Error("getaddrinfo ENOTFOUND s3.exmaple.com"), { code: "ENOTFOUND" });

/** A storage that fails until that many milliseconds are over. */
async function probe(failure: Error, readyAfterMs: number, retryTimeMs?: number) {
	const startedAt = performance.now();
	const since = () => performance.now() - startedAt;
	const told: [string, string, number][] = [];
	const send = async () => {
		if (since() < readyAfterMs) throw failure;
		return {};
	};
	// Only the client is used, and only its send().
	const connection = { client: { send } } as unknown as Sender;
	const onRetry = (operation: string, reason: string) => told.push([operation, reason, since()]);
	const probing = probeBucket(connection, { bucket: "b", key: "k" }, { retryTimeMs, onRetry });
	const outcome = probing.catch((reason: unknown) => reason);
	await vi.runAllTimersAsync();
	const error = await outcome;
	return { error, told, elapsedMs: since() };
}

describe("probeBucket", () => {
	it("waits for a storage that is there half a minute late", async () => {
		expect(await probe(refused, 24_000)).toMatchObject({ error: undefined });
	});

	it("tells of the first failure before it waits", async () => {
		const { told } = await probe(refused, 100);
		expect(told).toEqual([["HeadBucket", "ECONNREFUSED", 0]]);
	});

	it("uses up its time, and no more", async () => {
		const { error, elapsedMs } = await probe(refused, Number.POSITIVE_INFINITY);
		expect(error).toMatchObject({ code: "NETWORK" });
		expect(elapsedMs).toBeGreaterThan(25_000);
		expect(elapsedMs).toBeLessThanOrEqual(30_000);
	});

	it("waits longer if the caller says so, also for a name that does not exist yet", async () => {
		expect(await probe(refused, 500_000, 600_000)).toMatchObject({ error: undefined });
		expect(await probe(unknownHost, 500_000, 600_000)).toMatchObject({ error: undefined });
	});

	it("waits shorter if the caller says so", async () => {
		expect(await probe(refused, 100, 0)).toMatchObject({ error: { code: "NETWORK" }, told: [] });
	});

	it("asks about ten seconds for a name that does not exist, which may be mistyped", async () => {
		const { error, told, elapsedMs } = await probe(unknownHost, Number.POSITIVE_INFINITY);
		expect(error).toMatchObject({ code: "NETWORK", message: expect.stringMatching(/s3\.exmaple\.com/) });
		expect(told).toHaveLength(6);
		expect(elapsedMs).toBeGreaterThan(5_000);
		expect(elapsedMs).toBeLessThan(15_000);
	});
});
