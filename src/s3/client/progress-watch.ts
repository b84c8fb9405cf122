import { abortable } from "../../async/abortable.ts";
import { TAKEN_AHEAD } from "./watched-body.ts";

/** When something last moved in any of several requests; of the monotonic clock. */
export class Line {
	movedAt: number = Number.NEGATIVE_INFINITY;
}

/** Watches whether one request gets on, and ends it if it does not. */
export class ProgressWatch {
	readonly #line: Line;
	readonly #outer: AbortSignal | undefined;
	readonly #controller = new AbortController();
	#movedAt = 0;
	#takenSize = 0;
	#answered = false;

	/**
	 * @param line - Of the requests that this one may have to wait for: as long as they move it is not to blame.
	 * @param outer - Ends the request as well.
	 */
	constructor(line: Line, outer: AbortSignal | undefined) {
		this.#line = line;
		this.#outer = outer;
		if (outer?.aborted) this.#onAbort();
		else outer?.addEventListener("abort", this.#onAbort, { once: true });
	}

	/** Ends the request, for the caller's reason or ours. */
	get signal(): AbortSignal {
		return this.#controller.signal;
	}

	/** Settles as `work` does, or rejects when nothing has moved for so long. */
	async over<Result>(work: Promise<Result>, allowedMs: number): Promise<Result> {
		this.#movedAt = performance.now();
		let timer: NodeJS.Timeout | undefined;
		const look = () => {
			const leftMs = this.#lastMove + allowedMs - performance.now();
			if (leftMs > 0) timer = setTimeout(look, Math.ceil(leftMs));
			else this.#controller.abort(noProgress(allowedMs));
		};
		look();
		try {
			return await abortable(work, this.signal);
		} catch (error) {
			// The handler's own error only repeats the end; the reason is better.
			throw this.signal.aborted ? this.signal.reason : error;
		} finally {
			clearTimeout(timer);
		}
	}

	/** So many bytes of the request or the answer have moved. */
	readonly note = (size: number): void => {
		this.#takenSize += size;
		this.#note();
	};

	/** The head of the answer is there. */
	noteAnswer(): void {
		this.#answered = true;
		this.#note();
	}

	/** Lets go of the caller's signal, which outlives requests. */
	end(): void {
		this.#outer?.removeEventListener("abort", this.#onAbort);
	}

	#note(): void {
		this.#movedAt = performance.now();
		if (this.#isUnderWay) this.#line.movedAt = this.#movedAt;
	}

	/** Others may be sent first, if there are fewer connections than requests. */
	get #lastMove(): number {
		return this.#isUnderWay ? this.#movedAt : Math.max(this.#movedAt, this.#line.movedAt);
	}

	get #isUnderWay(): boolean {
		return this.#answered || this.#takenSize > TAKEN_AHEAD;
	}

	readonly #onAbort = (): void => this.#controller.abort(this.#outer?.reason);
}

function noProgress(allowedMs: number): Error {
	const seconds = Math.round(allowedMs / 100) / 10;
	return Object.assign(new Error(`the request made no progress for ${seconds} s`), { name: "TimeoutError" });
}
