import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { UploadState } from "../../../src/storage/put/upload-state.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const REASON = new Error("the first");
const LATER = new Error("a later one");
const ANSWER = { versionId: "v", etag: "e" };

/** Something that goes on for as long as it is told to. */
function lasting(milliseconds: number, error?: Error): () => Promise<string> {
	return () =>
		new Promise((resolve, reject) => {
			setTimeout(() => (error === undefined ? resolve("done") : reject(error)), milliseconds);
		});
}

describe("UploadState", () => {
	it("stops everything with the first failure, and rejects with each of them", async () => {
		const state = new UploadState(undefined);
		const first = state.run(lasting(10, REASON)).catch((error: unknown) => error);
		const second = state.run(lasting(20, LATER)).catch((error: unknown) => error);
		await vi.advanceTimersByTimeAsync(10);
		expect([state.stop.aborted, state.stop.reason]).toEqual([true, REASON]);
		await vi.advanceTimersByTimeAsync(10);
		expect([await first, await second]).toEqual([REASON, LATER]);
		expect(await state.end()).toEqual({ name: "failed", reason: REASON });
	});

	it("takes what is thrown before there is a promise for a failure as well", async () => {
		const state = new UploadState(undefined);
		const throwing = () => {
			throw REASON;
		};
		await expect(state.run(throwing)).rejects.toBe(REASON);
		expect(state.stop.reason).toBe(REASON);
	});

	it("ends when nothing is under way any more, and not before", async () => {
		const state = new UploadState(undefined);
		void state.run(lasting(50));
		state.fail(REASON);
		const ended = vi.fn();
		const ending = state.end().then(ended);
		await vi.advanceTimersByTimeAsync(49);
		expect(ended).not.toHaveBeenCalled();
		await vi.advanceTimersByTimeAsync(1);
		await ending;
		expect(ended).toHaveBeenCalledWith({ name: "failed", reason: REASON });
	});

	it("commits nothing once something has failed", () => {
		const state = new UploadState(undefined);
		state.fail(REASON);
		expect(() => state.commit()).toThrow(REASON);
	});

	it("has failed if it ends and nobody has completed it", async () => {
		expect(await new UploadState(undefined).end()).toMatchObject({
			name: "failed",
			reason: expect.any(TypeError),
		});
	});

	it("tells an answer that was lost from a request that did nothing", async () => {
		const doubtful = new UploadState(undefined);
		doubtful.commit();
		doubtful.doubt();
		doubtful.fail(REASON);
		expect(await doubtful.end()).toEqual({ name: "unknown", reason: REASON });
		const refused = new UploadState(undefined);
		refused.commit();
		refused.fail(REASON);
		expect(await refused.end()).toEqual({ name: "failed", reason: REASON });
	});
});

describe("UploadState and the caller's signal", () => {
	it("fails with the reason at once while parts are sent", async () => {
		const caller = new AbortController();
		const state = new UploadState(caller.signal);
		caller.abort(REASON);
		expect(state.stop.reason).toBe(REASON);
		expect(await state.end()).toEqual({ name: "failed", reason: REASON });
	});

	it("fails with the reason of a signal that has aborted before", async () => {
		const state = new UploadState(AbortSignal.abort(REASON));
		await vi.advanceTimersByTimeAsync(0);
		expect(state.stop.reason).toBe(REASON);
	});

	it("waits three seconds for the answer to a commit, and stops nothing before", async () => {
		const caller = new AbortController();
		const state = new UploadState(caller.signal);
		state.commit();
		caller.abort(REASON);
		await vi.advanceTimersByTimeAsync(2_999);
		expect([state.stop.aborted, state.giveUp.aborted]).toEqual([false, false]);
		await vi.advanceTimersByTimeAsync(1);
		expect([state.stop.aborted, state.giveUp.reason]).toEqual([false, REASON]);
		state.store(ANSWER);
		expect(await state.end()).toEqual({ name: "committed", answer: ANSWER });
	});

	it("does not listen to it any more when it has ended", async () => {
		const caller = new AbortController();
		const state = new UploadState(caller.signal);
		state.commit();
		state.store(ANSWER);
		await state.end();
		caller.abort(REASON);
		await vi.advanceTimersByTimeAsync(10_000);
		expect([state.stop.aborted, state.giveUp.aborted]).toEqual([false, false]);
	});
});
