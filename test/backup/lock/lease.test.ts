import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { HeldLease } from "../../../src/backup/lock/held-lease.ts";
import { acquireLease, type LeaseOptions } from "../../../src/backup/lock/lease.ts";
import { parseLease } from "../../../src/backup/lock/lease-document.ts";
import { LeaseLostError } from "../../../src/backup/lock/lease-lost-error.ts";
import { LockedError } from "../../../src/backup/lock/locked-error.ts";
import { SimulatedStore } from "./simulated-store.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

beforeEach(() => void vi.useFakeTimers({ now: new Date("2026-11-26T03:00:00Z") }));
afterEach(() => void vi.useRealTimers());

async function take(store: SimulatedStore, options: Partial<LeaseOptions> = {}): Promise<HeldLease> {
	const lease = await acquireLease(store, { waitMs: 0, ...options });
	if (lease === undefined) throw new Error("there is no lease");
	return lease;
}

describe("the lease of a job", () => {
	it("is held once, and free at once when it was released", async () => {
		const store = new SimulatedStore();
		const lease = await take(store);
		await expect(take(store)).rejects.toThrow(LockedError);
		await lease.release();
		await (await take(store)).release();
	});

	it("tells who holds it, since when and until when", async () => {
		const store = new SimulatedStore();
		store.leave({});
		await expect(take(store)).rejects.toMatchObject({
			code: "LOCKED",
			message:
				"another run of this job is under way on db1, process 77, since 2026-11-26T02:00:00.000Z; its lease ends at 2026-11-26T03:05:05.000Z unless it is renewed; set lockWait, such as 10m, to wait for it",
			holder: { host: "db1", pid: 77, until: "2026-11-26T03:05:05.000Z" },
		});
	});

	it.each([
		["an hour ahead", HOUR],
		["an hour behind", -HOUR],
	])("is taken over after its time, not before, by a storage whose clock is %s", async (_what, ahead) => {
		const store = new SimulatedStore();
		store.ahead = ahead;
		store.leave({ durationMs: 5 * MINUTE });
		await vi.advanceTimersByTimeAsync(5 * MINUTE);
		await expect(take(store)).rejects.toThrow(LockedError);
		await vi.advanceTimersByTimeAsync(6_000);
		await (await take(store)).check();
	});

	it("is taken over after it was seen unchanged for its time, if the storage tells no age", async () => {
		const store = new SimulatedStore();
		store.tellsAge = false;
		store.leave({ durationMs: 5 * MINUTE });
		let taken = false;
		const taking = take(store, { waitMs: HOUR }).then(() => {
			taken = true;
		});
		await vi.advanceTimersByTimeAsync(5 * MINUTE);
		expect(taken).toBe(false);
		await vi.advanceTimersByTimeAsync(MINUTE);
		await taking;
	});

	it("is taken over at once if its run held the lock on this machine that is held now", async () => {
		const store = new SimulatedStore();
		store.leave({ scope: "boot/net/job" });
		await expect(take(store, { scope: "boot/net/other" })).rejects.toThrow(LockedError);
		await expect(take(store)).rejects.toThrow(LockedError);
		await take(store, { scope: "boot/net/job" });
	});

	it("is renewed in the background for as long as it is held", async () => {
		const store = new SimulatedStore();
		const lease = await take(store);
		for (let hours = 0; hours < 12; hours++) {
			await vi.advanceTimersByTimeAsync(HOUR);
			await expect(take(store)).rejects.toThrow(LockedError);
		}
		await lease.check();
		await lease.release();
		expect(vi.getTimerCount()).toBe(0);
	});

	it("is lost when the machine sleeps and another run takes it over", async () => {
		const store = new SimulatedStore();
		const sleeper = await take(store);
		vi.setSystemTime(Date.now() + HOUR); // no timer has fired meanwhile
		const other = await take(store);
		await expect(sleeper.check()).rejects.toThrow(LeaseLostError);
		await expect(sleeper.check()).rejects.toMatchObject({ code: "LOCKED" });
		await sleeper.release();
		await other.check();
	});

	it("is still ours after a sleep if nobody else has come", async () => {
		const store = new SimulatedStore();
		const lease = await take(store);
		vi.setSystemTime(Date.now() + HOUR);
		await lease.check();
		await expect(take(store)).rejects.toThrow(LockedError);
	});

	it("is lost when somebody removes it", async () => {
		const store = new SimulatedStore();
		const lease = await take(store);
		store.held = undefined;
		await expect(lease.check()).rejects.toThrow("the lease of this run, is lost: somebody has removed it");
		await vi.advanceTimersByTimeAsync(HOUR);
		expect(store.held).toBeUndefined();
	});

	it("knows a write of its own whose answer got lost", async () => {
		const store = new SimulatedStore();
		const lease = await take(store);
		store.onWritten = () => {
			store.onWritten = () => {};
			throw new Error("socket hang up");
		};
		await expect(lease.check()).rejects.toThrow("socket hang up");
		await lease.check();
	});

	it("outlives renewals that fail, as long as nobody takes it", async () => {
		const store = new SimulatedStore();
		const lease = await take(store);
		store.onWritten = () => {
			throw new Error("socket hang up");
		};
		await vi.advanceTimersByTimeAsync(HOUR);
		store.onWritten = () => {};
		await lease.check();
	});

	it("is not relied on if the storage answers so late that it is about to end", async () => {
		const store = new SimulatedStore();
		const lease = await take(store);
		store.answerTime = 3 * MINUTE;
		const checking = lease.check();
		void checking.catch(() => {});
		await vi.advanceTimersByTimeAsync(HOUR);
		await expect(checking).rejects.toMatchObject({ code: "NETWORK" });
	});

	it("is waited for, and told once who has it", async () => {
		const store = new SimulatedStore();
		const first = await take(store);
		const told: (number | undefined)[] = [];
		const waiting = take(store, { waitMs: HOUR, onWait: ({ pid }) => told.push(pid) });
		await vi.advanceTimersByTimeAsync(20 * MINUTE);
		await first.release();
		await vi.advanceTimersByTimeAsync(MINUTE);
		await (await waiting).check();
		expect(told).toEqual([process.pid]);
	});

	it("is waited for no longer than asked for", async () => {
		const store = new SimulatedStore();
		await take(store);
		const waiting = take(store, { waitMs: 10 * MINUTE });
		const seen = waiting.catch((error: unknown) => error);
		await vi.advanceTimersByTimeAsync(10 * MINUTE + 1);
		expect(await seen).toMatchObject({ code: "LOCKED", advice: undefined });
	});

	it("is not waited for any more once the signal aborts", async () => {
		const store = new SimulatedStore();
		const first = await take(store);
		const controller = new AbortController();
		const waiting = take(store, { waitMs: HOUR, signal: controller.signal });
		const seen = waiting.catch((error: unknown) => error);
		await vi.advanceTimersByTimeAsync(MINUTE);
		const reason = new Error("enough");
		controller.abort(reason);
		expect(await seen).toBe(reason);
		await first.release();
		await vi.advanceTimersByTimeAsync(1);
		expect(vi.getTimerCount()).toBe(0);
	});

	it("goes to one of many that come at the same time", async () => {
		const store = new SimulatedStore();
		const taking = Promise.allSettled(Array.from({ length: 8 }, () => take(store)));
		await vi.advanceTimersByTimeAsync(MINUTE);
		const outcomes = await taking;
		expect(outcomes.filter(({ status }) => status === "fulfilled").length).toBe(1);
		const reasons = outcomes.flatMap((outcome) => (outcome.status === "rejected" ? [outcome.reason] : []));
		for (const reason of reasons) expect(reason).toBeInstanceOf(LockedError);
	});
});

describe("a storage without conditional writes", () => {
	it("gets no lease and no request", async () => {
		const store = new SimulatedStore();
		store.conditions = "no";
		const reasons: string[] = [];
		expect(
			await acquireLease(store, { waitMs: 0, onNone: (reason) => reasons.push(reason) }),
		).toBeUndefined();
		expect(reasons).toEqual(["the storage knows no conditional writes"]);
		expect(store.writes).toBe(0);
	});

	it("is found out if it takes no notice of conditions, and no lease is left to wait for", async () => {
		const store = new SimulatedStore();
		store.conditions = "unsure";
		store.careless = true;
		const reasons: string[] = [];
		expect(
			await acquireLease(store, { waitMs: 0, onNone: (reason) => reasons.push(reason) }),
		).toBeUndefined();
		expect(reasons).toEqual(["the storage takes no notice of the conditions of a write"]);
		expect(store.held?.lease.released).toBe(true);
		expect(vi.getTimerCount()).toBe(0);
	});

	it("is told from one that knows them", async () => {
		const store = new SimulatedStore();
		store.conditions = "unsure";
		await (await take(store)).check();
	});
});

describe("a lease that was read", () => {
	it.each(["", "null", "[]", "{", '{"durationMs":1e99,"host":"\\u001b[2J","pid":"x"}'])(
		"keeps others away for a bounded time and names nobody, if it is %j",
		(text) => {
			const lease = parseLease(Buffer.from(text));
			expect(lease).toMatchObject({ released: false, host: undefined, pid: undefined, id: "" });
			expect(lease.durationMs).toBeGreaterThan(0);
			expect(lease.durationMs).toBeLessThanOrEqual(HOUR);
		},
	);
});
