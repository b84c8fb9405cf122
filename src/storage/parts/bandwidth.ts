import { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import type { BandwidthChange, BandwidthLimit } from "./bandwidth-limit.ts";

/** The bytes handed out at once last as long as this, so that a rate looks even. */
const SLICE_MS = 50;
const MIN_SLICE_SIZE = 512;
const MAX_SLICE_SIZE = 64 * 1024;
/** Time that nobody has used is not made up for beyond this. */
const BURST_MS = 100;

const MINUTES_PER_DAY = 1440;
const DAYS = [0, 1, 2, 3, 4, 5, 6];

/** Hands out the right to send bytes, to all connections of a run together. */
export class Bandwidth {
	readonly #rateAt: (now: Date) => number | undefined;
	/** When what was handed out will have been sent; of the monotonic clock. */
	#freeAt = 0;

	/** @param limit - As it was checked with all options. */
	constructor(limit: BandwidthLimit) {
		if (typeof limit === "number") {
			this.#rateAt = () => limit;
		} else this.#rateAt = timetable(limit);
	}

	/** The bytes, in slices that come when they may be sent. */
	async *paced(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, void> {
		for (let offset = 0; offset < bytes.byteLength; ) {
			const rate = this.#rateAt(new Date());
			const size = Math.min(sliceSize(rate), bytes.byteLength - offset);
			if (rate !== undefined) await this.#pay(size, rate);
			yield bytes.subarray(offset, offset + size);
			offset += size;
		}
	}

	async #pay(size: number, rate: number): Promise<void> {
		const now = performance.now();
		this.#freeAt = Math.max(this.#freeAt, now - BURST_MS) + (size * 1000) / rate;
		const waitMs = this.#freeAt - now;
		if (waitMs > 0) await delay(waitMs);
	}
}

function sliceSize(rate: number | undefined): number {
	if (rate === undefined) return MAX_SLICE_SIZE;
	return Math.min(Math.max(MIN_SLICE_SIZE, Math.floor((rate * SLICE_MS) / 1000)), MAX_SLICE_SIZE);
}

/** The rate that the latest change before a moment has set; before the first of the week, the last one. */
function timetable(changes: readonly BandwidthChange[]): (now: Date) => number | undefined {
	// If two lines have the same minute, the one for this very day counts.
	const ordered = [...changes].sort(
		(a, b) => Number(a.weekday !== undefined) - Number(b.weekday !== undefined),
	);
	const week = ordered
		.flatMap(({ weekday, minuteOfDay, bytesPerSecond }) =>
			(weekday === undefined ? DAYS : [weekday]).map((day) => ({
				minute: day * MINUTES_PER_DAY + minuteOfDay,
				bytesPerSecond,
			})),
		)
		.sort((a, b) => a.minute - b.minute);
	return (now) => {
		const minute = now.getDay() * MINUTES_PER_DAY + now.getHours() * 60 + now.getMinutes();
		const latest = week.filter((change) => change.minute <= minute).at(-1) ?? week.at(-1);
		return latest?.bytesPerSecond;
	};
}

/**
 * A middleware that sends a body at the pace of `bandwidth`. It goes next to the wire, behind everything
 * that wants to see the body as a whole: signature, checksums and Content-Length are made by then.
 */
export function pacer(bandwidth: Bandwidth) {
	return <Args extends { readonly request: unknown }, Result>(next: (args: Args) => Promise<Result>) =>
		async (args: Args): Promise<Result> => {
			const { request } = args;
			if (!hasBytes(request)) return next(args);
			const body = Readable.from(bandwidth.paced(request.body), { objectMode: false });
			// A copy: a retry finds the request as it was.
			const copy: unknown = Object.assign(Object.create(Object.getPrototypeOf(request)), request, { body });
			try {
				return await next({ ...args, request: copy });
			} finally {
				body.destroy(); // an answer may come before the end of the body
			}
		};
}

function hasBytes(request: unknown): request is { readonly body: Uint8Array } {
	return (
		typeof request === "object" && request !== null && "body" in request && request.body instanceof Uint8Array
	);
}
