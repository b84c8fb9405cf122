import type { ArchiveProgressEvent } from "../../../events.ts";

/** Between two samples at least. */
const SAMPLE_INTERVAL_MS = 1_000;
/** The rate is that of so many samples: half a minute, or longer where the storage confirms large parts. */
const SAMPLES = 32;

/** What there is to say of how far a run is. */
export interface Pulse {
	/** 0 to 1; `undefined` if the total is not known. */
	readonly share: number | undefined;
	/** Bytes of the archive that the storage has confirmed, or the destination has taken; without those that were copied. */
	readonly confirmedSize: number;
	/** Bytes of the archive that the storage has copied. */
	readonly copiedSize: number;
	/** Bytes a second of these; `undefined` before there are any. */
	readonly rate: number | undefined;
	/** `undefined` if that cannot be said (yet). */
	readonly secondsLeft: number | undefined;
	readonly secondsGone: number;
}

/** What the storage copies takes no bandwidth: it is told apart, and says nothing of how far the rest is. */
interface Copying {
	/** Bytes of the archive that are going to be copied, before everything else. */
	readonly copiedSize: number;
	/** Bytes to read for what is made. */
	readonly madeSourceSize: number;
}

/** The most that is shown while something is still being copied. */
const BEFORE_COPIED = 0.99;

interface Sample {
	readonly at: number;
	readonly confirmedSize: number;
	readonly share: number;
}

/**
 * Share, rate and time left of a run, by what has arrived. Reading is ahead of it, and says nothing of when the run
 * will have ended; where reading is slower, what arrives is as slow.
 */
export class Pace {
	readonly #now: () => number;
	readonly #startedAt: number;
	#total: number | undefined;
	#toStorage = false;
	#samples: Sample[] = [];
	#latest: Sample;
	#resumedSize = 0;
	#copiedSize = 0;
	/** Bytes that are copied before everything else. */
	#copiedFirst = 0;

	/** @param now - Milliseconds of a clock that is never set. */
	constructor(now: () => number = () => performance.now()) {
		this.#now = now;
		this.#startedAt = now();
		this.#latest = { at: this.#startedAt, confirmedSize: 0, share: 0 };
	}

	/**
	 * @param total - Bytes to read, if known.
	 * @param toStorage - Whether a storage confirms what it has; a file or a pipe has what it has taken.
	 */
	plan(total: number | undefined, toStorage: boolean): void {
		this.#total = total === 0 ? undefined : total;
		this.#toStorage = toStorage;
	}

	/** Tells what of it is copied. */
	compose({ copiedSize, madeSourceSize }: Copying): void {
		this.#copiedFirst = copiedSize;
		if (this.#total !== undefined) this.plan(madeSourceSize, this.#toStorage);
	}

	note(event: ArchiveProgressEvent): void {
		const { readSize, archiveSize, uploadedSize, resumedSize, copiedSize } = event;
		const confirmedSize = this.#toStorage ? uploadedSize - copiedSize : archiveSize;
		const again = confirmedSize < this.#latest.confirmedSize;
		// Copied bytes among others count as what they are: read and arrived.
		const amongOthers = this.#copiedFirst === 0 ? copiedSize : 0;
		const taken = archiveSize - this.#copiedFirst;
		const arrived = taken <= 0 ? 0 : Math.min(1, (confirmedSize + amongOthers) / taken);
		const most = copiedSize < this.#copiedFirst ? BEFORE_COPIED : 1;
		const share = Math.min(most, (readSize / (this.#total ?? Number.POSITIVE_INFINITY)) * arrived);
		// With other data the archive shrinks in another proportion, which must not take anything back.
		this.#latest = {
			at: this.#now(),
			confirmedSize,
			share: again ? share : Math.max(share, this.#latest.share),
		};
		// What an earlier run has sent takes no time, and promises nothing about what has to be sent.
		const onlyCopied = confirmedSize === 0 && copiedSize !== this.#copiedSize;
		if (again || resumedSize !== this.#resumedSize || onlyCopied || this.#samples.length === 0)
			this.restart();
		this.#resumedSize = resumedSize;
		this.#copiedSize = copiedSize;
		this.#sample();
	}

	/** What was before says nothing any more of how fast it goes. */
	restart(): void {
		this.#samples = [{ ...this.#latest, at: this.#now() }];
	}

	get pulse(): Pulse {
		const { confirmedSize, share } = this.#latest;
		const [first = this.#latest] = this.#samples;
		const now = this.#now();
		const seconds = Math.max(0.001, (now - first.at) / 1000);
		const arrived = confirmedSize - first.confirmedSize;
		const gained = share - first.share;
		return {
			share: this.#total === undefined ? undefined : share,
			confirmedSize,
			copiedSize: this.#copiedSize,
			rate: arrived > 0 ? arrived / seconds : undefined,
			secondsLeft: gained > 0 ? ((1 - share) * seconds) / gained : undefined,
			secondsGone: (now - this.#startedAt) / 1000,
		};
	}

	#sample(): void {
		const last = this.#samples.at(-1);
		if (last === undefined || this.#latest.confirmedSize === last.confirmedSize) return;
		if (this.#latest.at - last.at < SAMPLE_INTERVAL_MS) return;
		this.#samples.push(this.#latest);
		if (this.#samples.length > SAMPLES) this.#samples.shift();
	}
}
