import type { Lease } from "../../../src/backup/lock/lease-document.ts";
import type {
	LeaseStore,
	Replaced,
	StoredLease,
	WriteOutcome,
} from "../../../src/backup/lock/lease-store.ts";

/** A storage with a clock of its own, which counts whole seconds and goes at the pace of the (simulated) time. */
export class SimulatedStore implements LeaseStore {
	readonly location = "s3://bucket/job.lease.json";
	conditions: LeaseStore["conditions"] = "yes";
	/** Milliseconds by which its clock is ahead. */
	ahead = 0;
	/** Takes no notice of conditions. */
	careless = false;
	tellsAge = true;
	/** Milliseconds until a write is answered. */
	answerTime = 0;
	/** Called behind each write that was carried out; what it throws is what the writer sees. */
	onWritten: () => void = () => {};
	writes = 0;
	held: { lease: Lease; etag: string; at: number } | undefined;

	get #now(): number {
		return Math.floor((Date.now() + this.ahead) / 1000) * 1000;
	}

	async read(): Promise<StoredLease | undefined> {
		if (this.held === undefined) return undefined;
		const { lease, etag, at } = this.held;
		return { lease, etag, ageMs: this.tellsAge ? this.#now - at : undefined };
	}

	async write(lease: Lease, replaces: Replaced): Promise<WriteOutcome> {
		const holds = replaces === "nothing" ? this.held === undefined : replaces.etag === this.held?.etag;
		if (!holds && !this.careless) return "conflict";
		this.held = { lease, etag: `etag-${++this.writes}`, at: this.#now };
		const { etag } = this.held;
		if (this.answerTime > 0) await new Promise((resolve) => setTimeout(resolve, this.answerTime));
		this.onWritten();
		return { etag };
	}

	/** Puts a lease of a run that is not there any more. */
	leave(lease: Partial<Lease>): void {
		const usual = { id: "dead", durationMs: 300_000, released: false, scope: undefined };
		const holder = { host: "db1", pid: 77, since: "2026-11-26T02:00:00.000Z" };
		this.held = { lease: { ...usual, ...holder, ...lease }, etag: "left", at: this.#now };
	}
}
