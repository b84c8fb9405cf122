import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { delay } from "../../async/delay.ts";
import { StorageError } from "../../errors.ts";
import type { Connection } from "../../s3/connection.ts";
import type { KeyTemplate } from "../template/key-template.ts";
import { type HeldLease, RenewedLease, timesNow } from "./held-lease.ts";
import { LEASE_MS, type Lease } from "./lease-document.ts";
import {
	type LeaseStore,
	leaseAddress,
	leaseStore,
	type StoredLease,
	type WaitOptions,
} from "./lease-store.ts";
import { LockedError, type LockHolder, WAIT_ADVICE } from "./locked-error.ts";

export interface LeaseOptions {
	/** How long to wait for another run, milliseconds; 0 fails at once. */
	readonly waitMs: number;
	/**
	 * Names the lock on this machine that the run holds (`JobLock.scope`). A lease of the same scope is of a run that has
	 * ended without a word, since its lock was free; it is taken over at once.
	 */
	readonly scope?: string | undefined;
	/** Milliseconds for which the lease holds if it is not renewed. */
	readonly durationMs?: number | undefined;
	/** Called once, before the wait begins. */
	readonly onWait?: ((holder: LockHolder) => void) | undefined;
	/** Told why there is no lease, if the storage cannot have one. */
	readonly onNone?: ((reason: string) => void) | undefined;
	readonly signal?: AbortSignal | undefined;
}

/** Milliseconds beyond its time in which a lease is left alone: clocks of storages tell whole seconds. */
const GRACE_MS = 5_000;

/** Milliseconds between two looks at a lease that somebody holds. */
const LONGEST_LOOK_MS = 10_000;
const SHORTEST_LOOK_MS = 1_000;

/** As often as others may be faster, or seem to be. */
const MOST_CONFLICTS = 20;

/** Milliseconds for which a request about a lease is repeated. */
const REQUEST_TIME_MS = 60_000;

/**
 * Takes the lease of a job, an object beside its archives, so that runs on other machines keep away. Whether a lease
 * has ended is told by the storage's clock alone: those of the machines need not agree.
 *
 * @returns `undefined` where the storage cannot decide between two that write at the same time.
 * @throws {LockedError} `LOCKED` if another run holds it, after the wait.
 * @throws {StorageError} if the lease cannot be read or written.
 */
export function takeLease(
	connection: Connection,
	template: KeyTemplate,
	options: LeaseOptions,
): Promise<HeldLease | undefined> {
	return acquireLease(leaseStore(connection, leaseAddress(template)), options);
}

/** The same, wherever the lease lies. */
export async function acquireLease(
	store: LeaseStore,
	{ waitMs, scope, durationMs = LEASE_MS, onWait, onNone, signal }: LeaseOptions,
): Promise<HeldLease | undefined> {
	if (store.conditions === "no") {
		onNone?.("the storage knows no conditional writes");
		return undefined;
	}
	const lease: Lease = {
		id: randomUUID(),
		durationMs,
		released: false,
		host: hostname(),
		pid: process.pid,
		since: new Date().toISOString(),
		scope,
	};
	const waits: WaitOptions = { signal, retryTimeMs: REQUEST_TIME_MS };
	const deadline = performance.now() + waitMs;
	const watch = new AgeWatch();
	let told = false;
	for (let conflicts = 0; ; ) {
		const found = await store.read(waits);
		const heldFor = found === undefined ? 0 : timeLeft(found, watch.ageOf(found), scope);
		if (found === undefined || heldFor <= 0) {
			const times = timesNow();
			const written = await store.write(lease, found === undefined ? "nothing" : found, waits);
			if (written === "conflict") {
				// Somebody was faster: there is a lease to look at.
				if (++conflicts > MOST_CONFLICTS) throw unwritable(store);
				await delay(Math.random() * SHORTEST_LOOK_MS, signal);
				continue;
			}
			if (written === "unsupported" || !(await honoursConditions(store, lease, waits))) {
				onNone?.("the storage takes no notice of the conditions of a write");
				return undefined;
			}
			return new RenewedLease(store, lease, written.etag, times);
		}
		const left = deadline - performance.now();
		if (left <= 0) throw heldBy(found, heldFor, waitMs);
		if (!told) onWait?.(holderOf(found, heldFor));
		told = true;
		await delay(Math.min(left, LONGEST_LOOK_MS, Math.max(heldFor, SHORTEST_LOOK_MS)), signal);
	}
}

/** Milliseconds until a lease may be taken over; 0 or less: now. */
function timeLeft({ lease }: StoredLease, ageMs: number, scope: string | undefined): number {
	if (lease.released || (scope !== undefined && lease.scope === scope)) return 0;
	return lease.durationMs + GRACE_MS - ageMs;
}

/** How long a lease has been as it is, where the storage does not tell: at least as long as it was seen here. */
class AgeWatch {
	#etag: string | undefined;
	#seenAt = 0;

	ageOf({ etag, ageMs = 0 }: StoredLease): number {
		if (etag !== this.#etag) this.#seenAt = performance.now();
		this.#etag = etag;
		return Math.max(ageMs, performance.now() - this.#seenAt);
	}
}

/** Tries to write over our own lease, under conditions that do not hold. */
async function honoursConditions(store: LeaseStore, lease: Lease, waits: WaitOptions): Promise<boolean> {
	if (store.conditions === "yes") return true;
	const ended = { ...lease, released: true };
	for (const replaces of ["nothing", { etag: "0".repeat(32) }] as const)
		if ((await store.write(ended, replaces, waits)) !== "conflict") return false;
	return true;
}

function unwritable({ location }: LeaseStore): StorageError {
	return new StorageError(
		"STORAGE_REFUSED",
		`${location}, the lease of this job, changes whenever it is written`,
	);
}

function holderOf({ lease: { host, pid, since } }: StoredLease, heldFor: number): LockHolder {
	return { host, pid, since, until: new Date(Date.now() + heldFor).toISOString() };
}

function heldBy(found: StoredLease, heldFor: number, waitMs: number): LockedError {
	const holder = holderOf(found, heldFor);
	const { host, pid, since, until } = holder;
	const where = host === undefined ? "elsewhere" : `on ${host}`;
	const which = pid === undefined ? "" : `, process ${pid}`;
	const when = since === undefined ? "" : `, since ${since}`;
	return new LockedError(
		`another run of this job is under way ${where}${which}${when}; its lease ends at ${until} unless it is renewed`,
		holder,
		waitMs > 0 ? undefined : WAIT_ADVICE,
	);
}
